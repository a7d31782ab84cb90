"""The one place where the parts are put together. The core knows nothing of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from dependency_injector import containers, providers

from phoenix.adapters.autopsy import BuiltinAutopsist
from phoenix.application.alerting.dispatch import Dispatcher
from phoenix.application.event_queue import EventQueue
from phoenix.application.executor import Executor
from phoenix.application.gate.facts_reader import FactsReader
from phoenix.application.gate.pacing import Pacer
from phoenix.application.kernel import Kernel
from phoenix.application.reconciliation.reconciler import Reconciler
from phoenix.domain.evolve import EMPTY, evolve
from phoenix.domain.policy import Policy
from phoenix.domain.state import State
from phoenix.ports.alerts import Courier
from phoenix.ports.autopsy import Autopsist
from phoenix.ports.broker import Broker
from phoenix.ports.broker_factory import BrokerContext, BrokerFactory
from phoenix.ports.calendar import TradingCalendar
from phoenix.ports.claims import ClaimOffice
from phoenix.ports.clock import Clock
from phoenix.ports.ids import IdSource
from phoenix.ports.store import BeadStore, Fold

StoreFactory: TypeAlias = Callable[[Fold[State], ClaimOffice], BeadStore[State]]


def _open_store(factory: StoreFactory, office: ClaimOffice) -> BeadStore[State]:
    return factory(Fold(EMPTY, evolve), office)


def _open_broker(
    factory: BrokerFactory, options: Mapping[str, object], policy: Policy, clock: Clock, calendar: TradingCalendar,
    office: ClaimOffice, events: EventQueue,
) -> Broker:  # fmt: skip
    return factory(BrokerContext(options, policy.account, policy.instruments, clock, calendar, office, events))


def _facts_reader(broker: Broker, calendar: TradingCalendar, clock: Clock, pacer: Pacer, policy: Policy) -> FactsReader:
    return FactsReader(broker, calendar, clock, pacer, policy.instruments, policy.account.currency)


def _pacer(policy: Policy) -> Pacer:
    return Pacer(policy.orders_per_second_max)


def _dispatcher(courier: Courier, policy: Policy) -> Dispatcher:
    return Dispatcher(courier, policy.alerts)


class Container(containers.DeclarativeContainer):
    """Everything that runs on one store and one broker session. What the world supplies must be given; nothing is
    left out because nobody wired it."""

    policy: providers.Dependency[Policy] = providers.Dependency(instance_of=Policy)
    clock: providers.Dependency[Clock] = providers.Dependency(instance_of=Clock)  # type: ignore[type-abstract]
    ids: providers.Dependency[IdSource] = providers.Dependency(instance_of=IdSource)  # type: ignore[type-abstract]
    calendar: providers.Dependency[TradingCalendar] = providers.Dependency(
        instance_of=TradingCalendar  # type: ignore[type-abstract]
    )
    courier: providers.Dependency[Courier] = providers.Dependency(instance_of=Courier)  # type: ignore[type-abstract]
    store_factory: providers.Dependency[StoreFactory] = providers.Dependency()
    broker_factory: providers.Dependency[BrokerFactory] = providers.Dependency()
    broker_options: providers.Dependency[Mapping[str, object]] = providers.Dependency(
        instance_of=Mapping  # type: ignore[type-abstract]
    )

    autopsist: providers.Dependency[Autopsist] = providers.Dependency(
        instance_of=Autopsist  # type: ignore[type-abstract]
    )

    office = providers.Singleton(ClaimOffice)
    events = providers.Singleton(EventQueue)
    store = providers.Singleton(_open_store, factory=store_factory, office=office)
    broker = providers.Singleton(
        _open_broker, factory=broker_factory, options=broker_options, policy=policy, clock=clock, calendar=calendar,
        office=office, events=events,
    )  # fmt: skip
    pacer = providers.Singleton(_pacer, policy=policy)
    facts = providers.Singleton(
        _facts_reader, broker=broker, calendar=calendar, clock=clock, pacer=pacer, policy=policy
    )
    kernel = providers.Singleton(Kernel, policy=policy)
    reconciler = providers.Singleton(Reconciler, reader=broker, calendar=calendar, policy=policy)
    dispatcher = providers.Singleton(_dispatcher, courier=courier, policy=policy)
    executor = providers.Singleton(
        Executor, kernel=kernel, store=store, broker=broker, office=office, events=events, clock=clock, ids=ids,
        dispatcher=dispatcher, facts=facts, pacer=pacer, autopsist=autopsist, reconciler=reconciler,
    )  # fmt: skip


def build_container(
    policy: Policy, clock: Clock, ids: IdSource, calendar: TradingCalendar, courier: Courier,
    store_factory: StoreFactory, broker_factory: BrokerFactory, broker_options: Mapping[str, object],
    autopsist: Autopsist | None = None,
) -> Container:  # fmt: skip
    """A container with everything given that the world supplies; autopsies are Phoenix's own unless given."""
    return Container(
        policy=providers.Object(policy), clock=providers.Object(clock), ids=providers.Object(ids),
        calendar=providers.Object(calendar), courier=providers.Object(courier),
        store_factory=providers.Object(store_factory), broker_factory=providers.Object(broker_factory),
        broker_options=providers.Object(broker_options), autopsist=providers.Object(autopsist or BuiltinAutopsist()),
    )  # fmt: skip
