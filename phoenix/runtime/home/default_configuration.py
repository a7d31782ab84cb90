"""The configuration that `init` writes: complete enough to trade by hand in the simulator, each choice explained."""

from __future__ import annotations

from phoenix.domain.policy import AccountPolicy
from phoenix.domain.vocabulary import AccountMode

_TEMPLATE = """\
# Phoenix. Every setting that is not given here has its default; misspelt ones are refused at the start.
# Relative paths begin at this file's folder. Durations are seconds, prices and money are text.

[account]
# The account that this store belongs to, for good. A simulator account begins with SIM, a paper account with DU,
# a live one with U; the store of one is never used with another.
id = "{account}"
mode = "{mode}"
currency = "{currency}"

[broker]
# Which adapter is used; it has a table of its own below.
{broker}
[market]
{market}

[strategies]
# Strategies that are registered at the start, each with a description. A signal of any other is refused.
manual = "Signals made by hand"

# [alerts.channels]
# Where alerts go beside alerts.jsonl and the output of serve, by apprise addresses. ${{NAME}} stands for a secret from
# the environment, or from alert-secrets.toml (mode 600). Try them with: phoenix alerts test
# phone = "tgram://${{TELEGRAM_TOKEN}}/${{TELEGRAM_CHAT}}"

[checkpoints]
# Signed checkpoints show whether the end of the chain was cut off. The private key is in a file for its owner only;
# whoever cannot read it cannot make checkpoints. Keep a copy of the checkpoints on another machine.
path = "checkpoints.jsonl"
private_key = "checkpoint.key"
public_key = "{public_key}"
"""

_SIMULATED_BROKER = """\
adapter = "chaos_mock"

[broker.chaos_mock]
# INSTANT fills at once. REALISTIC and ADVERSARIAL delay, reject and part-fill by chance, the same for the same seed.
mode = "INSTANT"
seed = 1
starting_balance = "100000"
# The file that the simulated broker lives in, apart from the store, as a real broker's books are.
book = "book.db"

[broker.chaos_mock.prices.GBPUSD]
# Made-up prices: the first bid, the spread, the size of a step, and the seconds between two quotes.
bid = "1.27000"
spread = "0.00010"
step = "0.00005"
interval_s = 5

[instruments.GBPUSD]
symbol = "GBP"
currency = "USD"
tick = "0.00005"
pip = "0.0001"
min_size = "1000"
size_step = "1000"
"""

_PAPER_BROKER = """\
adapter = "ib_insync"
# When the broker resets its servers every night: no entry passes then, and a session that is lost is opened after it.
reset_windows = ["23:45-00:45 America/New_York"]

[broker.ib_insync]
# The paper ports are 4002 at IB Gateway and 7497 at TWS. The client id is for this home alone, and orders stay with it.
host = "127.0.0.1"
port = 4002
client_id = 17

[instruments.GBPUSD]
# The broker's own grids; phoenix drill holds them against what it says.
symbol = "GBP"
currency = "USD"
tick = "0.00005"
pip = "0.0001"
min_size = "20000"
size_step = "1"
"""

_ALWAYS_OPEN = """\
# A market that never closes, so that the simulator can be tried on any day. FX_WEEK keeps the hours of currencies.
calendar = "ALWAYS_OPEN\""""

_FX_WEEK = """\
# The hours of currencies, from Sunday to Friday at 17:00 in New York.
calendar = "FX_WEEK\""""


def default_configuration(public_key: str, account: AccountPolicy) -> str:
    """The text of a new configuration for an account, with the public key that belongs to the new private one."""
    is_simulated = account.mode is AccountMode.SIMULATOR
    return _TEMPLATE.format(
        account=account.account, mode=account.mode.value, currency=account.currency,
        broker=_SIMULATED_BROKER if is_simulated else _PAPER_BROKER, market=_ALWAYS_OPEN if is_simulated else _FX_WEEK,
        public_key=public_key,
    )  # fmt: skip
