"""What a client asks, decoded. Numbers that the wire leaves blank or marks as unset are None."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class ContractFields:
    """A contract as a client names it; 0 and empty mean that it leaves the matter open."""

    contract_id: int = 0
    symbol: str = ""
    security_type: str = ""
    exchange: str = ""
    currency: str = ""
    local_symbol: str = ""
    primary_exchange: str = ""
    trading_class: str = ""


@dataclass(frozen=True, slots=True)
class OrderFields:
    """The part of an order that the simulator trades on; the many others are read over."""

    action: str
    quantity: Decimal | None
    order_type: str
    limit_price: Decimal | None = None
    auxiliary_price: Decimal | None = None
    time_in_force: str = ""
    oca_group: str = ""
    oca_type: int = 0
    account: str = ""
    reference: str = ""
    transmit: bool = True
    parent_id: int = 0
    outside_hours: bool = False
    good_till: str = ""
    e_trade_only: bool = False
    firm_quote_only: bool = False
    what_if: bool = False


@dataclass(frozen=True, slots=True)
class ExecutionFilter:
    """Which executions are asked for; what is empty or 0 admits all. `since` is text as it came."""

    client_id: int = 0
    account: str = ""
    since: str = ""
    symbol: str = ""
    security_type: str = ""
    exchange: str = ""
    side: str = ""


@dataclass(frozen=True, slots=True)
class StartApi:
    client_id: int
    capabilities: str = ""


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    order_id: int
    contract: ContractFields
    order: OrderFields


@dataclass(frozen=True, slots=True)
class CancelOrder:
    order_id: int


@dataclass(frozen=True, slots=True)
class CancelAllOrders:
    """reqGlobalCancel."""


@dataclass(frozen=True, slots=True)
class AskOpenOrders:
    """Of all clients (`of_all`), or of the one that asks."""

    of_all: bool


@dataclass(frozen=True, slots=True)
class AskAutoOpenOrders:
    bind: bool


@dataclass(frozen=True, slots=True)
class AskCompletedOrders:
    api_only: bool


@dataclass(frozen=True, slots=True)
class AskExecutions:
    request_id: int
    filter: ExecutionFilter


@dataclass(frozen=True, slots=True)
class AskPositions:
    pass


@dataclass(frozen=True, slots=True)
class StopPositions:
    pass


@dataclass(frozen=True, slots=True)
class AskAccountUpdates:
    subscribe: bool
    account: str


@dataclass(frozen=True, slots=True)
class AskAccountUpdatesMulti:
    request_id: int
    account: str
    model_code: str
    ledger_only: bool


@dataclass(frozen=True, slots=True)
class StopAccountUpdatesMulti:
    request_id: int


@dataclass(frozen=True, slots=True)
class AskAccountSummary:
    request_id: int
    group: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StopAccountSummary:
    request_id: int


@dataclass(frozen=True, slots=True)
class AskProfit:
    """reqPnL."""

    request_id: int
    account: str


@dataclass(frozen=True, slots=True)
class StopProfit:
    request_id: int


@dataclass(frozen=True, slots=True)
class AskProfitOfOne:
    """reqPnLSingle."""

    request_id: int
    account: str
    contract_id: int


@dataclass(frozen=True, slots=True)
class StopProfitOfOne:
    request_id: int


@dataclass(frozen=True, slots=True)
class AskPrices:
    """reqMktData."""

    request_id: int
    contract: ContractFields
    generic_ticks: str = ""
    is_snapshot: bool = False


@dataclass(frozen=True, slots=True)
class StopPrices:
    request_id: int


@dataclass(frozen=True, slots=True)
class AskMarketDataType:
    kind: int


@dataclass(frozen=True, slots=True)
class AskContractDetails:
    request_id: int
    contract: ContractFields


@dataclass(frozen=True, slots=True)
class AskMarketRule:
    rule_id: int


@dataclass(frozen=True, slots=True)
class AskTime:
    pass


@dataclass(frozen=True, slots=True)
class AskIds:
    pass


@dataclass(frozen=True, slots=True)
class AskAccounts:
    """reqManagedAccts."""


@dataclass(frozen=True, slots=True)
class SetLogLevel:
    level: int


@dataclass(frozen=True, slots=True)
class NotSimulated:
    """A request that TWS knows and the simulator does not carry out."""

    name: str
    request_id: int = -1


Request: TypeAlias = (
    StartApi | PlaceOrder | CancelOrder | CancelAllOrders | AskOpenOrders | AskAutoOpenOrders | AskCompletedOrders
    | AskExecutions | AskPositions | StopPositions | AskAccountUpdates | AskAccountUpdatesMulti
    | StopAccountUpdatesMulti | AskAccountSummary | StopAccountSummary
    | AskProfit | StopProfit | AskProfitOfOne | StopProfitOfOne | AskPrices | StopPrices | AskMarketDataType
    | AskContractDetails | AskMarketRule | AskTime | AskIds | AskAccounts | SetLogLevel | NotSimulated
)  # fmt: skip


class Undecodable(Exception):
    """A message that is no request of this protocol version. `code` and the text are what TWS would answer."""

    def __init__(self, code: int, text: str, request_id: int = -1) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.request_id = request_id
