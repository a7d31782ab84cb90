"""How pages look, on light and dark screens, narrow ones, and on paper."""

from __future__ import annotations

from collections.abc import Mapping

LIGHT: Mapping[str, str] = {
    "ink": "#16202c", "soft": "#566271", "line": "#e1e6ec", "paper": "#ffffff", "card": "#f6f8fa", "blue": "#1c5d99",
    "red": "#a8412b", "green": "#2c7a4b", "amber": "#8a5a10", "axis": "#8b96a3", "trend": "#2a6cab",
    "on-trend": "#ffffff", "range": "#d59a3a", "on-range": "#241800", "unknown": "#c3cad2", "on-unknown": "#16202c",
}  # fmt: skip
DARK: Mapping[str, str] = {
    "ink": "#e6ebf1", "soft": "#a3afbc", "line": "#2b3542", "paper": "#11171e", "card": "#18212b", "blue": "#6fb1ec",
    "red": "#e98a74", "green": "#6cc492", "amber": "#e0b05c", "axis": "#7a8694", "trend": "#6aa8e0",
    "on-trend": "#0b1420", "range": "#d9a854", "on-range": "#241800", "unknown": "#808b98", "on-unknown": "#0b1015",
}  # fmt: skip


def _colours(palette: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


STYLE = f"""
:root{{color-scheme:light dark;{_colours(LIGHT)}}}
@media (prefers-color-scheme:dark){{:root{{{_colours(DARK)}}}}}
@media print{{:root{{color-scheme:light;{_colours(LIGHT)}}}}}
*{{box-sizing:border-box}}
body{{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,'Segoe UI',Helvetica,Arial,sans-serif}}
main{{max-width:1040px;margin:0 auto;padding:28px 20px 48px}}
h1,p,td{{overflow-wrap:anywhere}}
h1{{font-size:26px;line-height:1.2;margin:0 0 4px}}h2{{font-size:18px;margin:36px 0 10px}}
p{{margin:6px 0}}.soft{{color:var(--soft)}}.nowrap{{white-space:nowrap}}
.verdict{{border-left:5px solid;border-radius:4px;background:var(--card);padding:12px 16px;margin:18px 0}}
.verdict b{{font-size:17px}}.verdict.good{{border-color:var(--green)}}.verdict.bad{{border-color:var(--red)}}
.verdict.open{{border-color:var(--amber)}}
.tiles{{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:10px;margin:18px 0}}
.tile{{background:var(--card);border-radius:6px;padding:10px 14px}}.tile div{{color:var(--soft);font-size:13px}}
.tile b{{font-size:20px;font-variant-numeric:tabular-nums}}.tile small{{display:block;color:var(--soft)}}
.scroll{{overflow-x:auto}}.sideways{{display:none}}
table{{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}}
th,td{{text-align:left;padding:6px 10px;border-bottom:1px solid var(--line);vertical-align:top}}
th{{color:var(--soft);font-weight:600;font-size:13px}}td.n,th.n{{text-align:right;white-space:nowrap}}
.checks td:nth-child(2){{white-space:nowrap}}
.mark{{font-weight:700;white-space:nowrap}}.yes{{color:var(--green)}}.no{{color:var(--red)}}
.regime{{display:inline-block;border-radius:3px;padding:0 7px;font-size:12px;font-weight:600}}
.TREND{{background:var(--trend);color:var(--on-trend)}}.RANGE{{background:var(--range);color:var(--on-range)}}
.UNKNOWN{{background:var(--unknown);color:var(--on-unknown)}}
svg{{display:block;width:100%;height:auto;min-width:760px}}
svg text{{font-size:12px;fill:var(--soft)}}svg .name{{font-size:13px;font-weight:600;fill:var(--ink)}}
svg .end{{text-anchor:end}}svg .middle{{text-anchor:middle}}
.grid{{stroke:var(--line)}}.axis{{stroke:var(--axis)}}.start{{stroke:var(--axis);stroke-dasharray:5 4}}
.equity{{fill:none;stroke:var(--blue);stroke-width:2.2;stroke-linejoin:round}}.dot{{fill:var(--blue)}}
.drop{{fill:none;stroke:var(--red);stroke-width:1.6;stroke-linejoin:round}}.under{{fill:var(--red);fill-opacity:.18}}
.gain{{fill:var(--green)}}.loss{{fill:var(--red)}}
.t{{fill:var(--trend)}}.r{{fill:var(--range)}}.u{{fill:var(--unknown)}}
svg .on{{font-weight:700}}svg .on-t{{fill:var(--on-trend)}}svg .on-r{{fill:var(--on-range)}}
svg .on-u{{fill:var(--on-unknown)}}
footer{{margin-top:36px;padding-top:12px;border-top:1px solid var(--line);color:var(--soft);font-size:13px}}
code{{font-size:.92em;overflow-wrap:anywhere}}
@media (max-width:640px){{
main{{padding:20px 14px 40px}}th,td{{padding:6px 7px}}.sideways{{display:block;font-size:13px}}
.tiles{{grid-template-columns:1fr 1fr}}
.checks thead{{display:none}}
.checks tr{{display:grid;grid-template-columns:1fr auto;border-bottom:1px solid var(--line);padding:7px 0}}
.checks td{{border:0;padding:1px 0}}.checks td:nth-child(1){{order:2}}
.checks td:nth-child(2){{order:1;white-space:normal}}
.checks td:nth-child(3){{order:3;grid-column:1/3}}.checks td:nth-child(4){{order:4;grid-column:1/3}}
.checks td:nth-child(4)::before{{content:"needed: ";color:var(--soft)}}
}}
@media print{{main{{max-width:none;padding:0}}h2{{break-after:avoid}}tr,svg{{break-inside:avoid}}
.scroll{{overflow:visible}}svg{{min-width:0}}}}
"""
"""One style for all pages. Colours never carry a meaning alone: words or letters stand beside them."""
