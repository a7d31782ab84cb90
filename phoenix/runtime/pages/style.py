"""How pages look, on light and dark screens and on paper."""

from __future__ import annotations

STYLE = """
:root{--ink:#16202c;--soft:#5a6675;--line:#e1e6ec;--paper:#fff;--card:#f6f8fa;--blue:#1c5d99;--red:#a8412b;
--green:#2c7a4b;--amber:#b7791f;--trend:#2f74b5;--range:#d59a3a;--unknown:#a4adb8}
@media (prefers-color-scheme:dark){:root{--ink:#e6ebf1;--soft:#9aa7b5;--line:#2b3542;--paper:#11171e;--card:#18212b;
--blue:#6fb1ec;--red:#e98a74;--green:#6cc492;--amber:#e0b05c;--trend:#5b9bd8;--range:#d9a854;--unknown:#6b7684}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,'Segoe UI',Helvetica,Arial,sans-serif}
main{max-width:1040px;margin:0 auto;padding:28px 20px 48px}
h1{font-size:26px;line-height:1.2;margin:0 0 4px}h2{font-size:18px;margin:36px 0 10px}
p{margin:6px 0}.soft{color:var(--soft)}.nowrap{white-space:nowrap}
.verdict{border-left:5px solid;border-radius:4px;background:var(--card);padding:12px 16px;margin:18px 0}
.verdict b{font-size:17px}.verdict.good{border-color:var(--green)}.verdict.bad{border-color:var(--red)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0}
.tile{background:var(--card);border-radius:6px;padding:10px 14px}.tile div{color:var(--soft);font-size:13px}
.tile b{font-size:20px;font-variant-numeric:tabular-nums}.tile small{display:block;color:var(--soft)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:600;font-size:13px}td.n,th.n{text-align:right;white-space:nowrap}
.mark{font-weight:700;white-space:nowrap}.yes{color:var(--green)}.no{color:var(--red)}
.regime{display:inline-block;border-radius:3px;padding:0 7px;font-size:12px;color:#fff}
.TREND{background:var(--trend)}.RANGE{background:var(--range);color:#2a1c00}.UNKNOWN{background:var(--unknown)}
svg{display:block;width:100%;height:auto;min-width:640px}
svg text{font-size:12px;fill:var(--soft)}svg .name{font-size:13px;font-weight:600;fill:var(--ink)}
svg .end{text-anchor:end}svg .middle{text-anchor:middle}
.grid{stroke:var(--line)}.axis{stroke:var(--unknown)}.start{stroke:var(--unknown);stroke-dasharray:5 4}
.equity{fill:none;stroke:var(--blue);stroke-width:2.2;stroke-linejoin:round}.dot{fill:var(--blue)}
.drop{fill:none;stroke:var(--red);stroke-width:1.6;stroke-linejoin:round}.under{fill:var(--red);fill-opacity:.18}
.gain{fill:var(--green)}.loss{fill:var(--red)}
.t{fill:var(--trend)}.r{fill:var(--range)}.u{fill:var(--unknown)}svg .on{fill:#fff;font-weight:700}
svg .on.dark{fill:#2a1c00}
footer{margin-top:36px;padding-top:12px;border-top:1px solid var(--line);color:var(--soft);font-size:13px}
code{font-size:.92em;overflow-wrap:anywhere}
@media print{main{max-width:none;padding:0}h2{break-after:avoid}tr,svg{break-inside:avoid}}
"""
"""One style for all pages. Colours never carry a meaning alone: words or letters stand beside them."""
