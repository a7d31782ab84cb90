"""The mock broker from a configuration: its chaos, its account, and the prices it makes up."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from phoenix.adapters.brokers.chaos_mock.broker import ChaosMockBroker
from phoenix.adapters.brokers.chaos_mock.settings import ChaosMockSettings
from phoenix.adapters.setting_problems import setting_problem
from phoenix.adapters.simulation.book_file import begins_at
from phoenix.adapters.simulation.configured import SimulatorOptions
from phoenix.adapters.simulation.keeping import BookError
from phoenix.adapters.simulation.prices import PriceFeed
from phoenix.domain.errors import InvalidValue
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.errors import ConfigurationError


class ChaosMockOptions(SimulatorOptions):
    """The table `[broker.chaos_mock]`. The five chaos keys, where given, override the mode's.

    `book` is the file that the broker lives in; without one it forgets everything when the process ends.
    """


def create(context: BrokerContext) -> ChaosMockBroker:
    """The broker that the entry point `chaos_mock` names. Raises ConfigurationError."""
    options = _checked(context)
    book = None if options.book is None else context.folder / options.book
    try:
        starts_at = context.clock.now() if book is None else begins_at(book) or context.clock.now()
        settings = ChaosMockSettings(
            options=options.engine_options(
                context.account.account, context.account.currency, context.instruments, context.calendar
            ),
            feeds=_feeds(context, options, starts_at), clock=context.clock, starts_at=starts_at, book=book,
        )  # fmt: skip
        return ChaosMockBroker(settings, context.office, context.sink)
    except InvalidValue as error:
        raise ConfigurationError(f"broker.chaos_mock.{error}") from error
    except BookError as error:
        raise ConfigurationError(f"broker.chaos_mock.book: {error}") from error


def _checked(context: BrokerContext) -> ChaosMockOptions:
    try:
        return ChaosMockOptions.model_validate(context.options)
    except ValidationError as error:
        raise ConfigurationError(setting_problem(error.errors()[0], "broker", "chaos_mock")) from error


def _feeds(context: BrokerContext, options: ChaosMockOptions, now: datetime) -> dict[str, PriceFeed]:
    unknown = sorted(set(options.prices) - set(context.instruments))
    if unknown:
        raise ConfigurationError(
            f"broker.chaos_mock.prices.{unknown[0]}: no such instrument is configured. Add it under instruments"
        )
    return {pair: walk.feed(pair, now, options.seed) for pair, walk in options.prices.items()}
