"""A broker that keeps its book on paper. Its entry point names `create`, and Phoenix imports nothing else of it."""

from __future__ import annotations

from phoenix.domain.vocabulary import AccountMode
from phoenix.ports.broker_factory import BrokerContext
from phoenix.ports.errors import ConfigurationError
from phoenix_notebook.broker import NotebookBroker
from phoenix_notebook.notebook import Notebook
from phoenix_notebook.options import NotebookOptions, read_options
from phoenix_notebook.prices import PriceFile

__all__ = ["NotebookBroker", "NotebookOptions", "create"]


def create(context: BrokerContext) -> NotebookBroker:
    """The broker that the configuration asks for. Raises ConfigurationError."""
    if context.account.mode is not AccountMode.SIMULATOR:
        raise ConfigurationError(
            f"account.mode: a notebook is no {context.account.mode} account. Use it with a SIMULATOR account"
        )
    foreign = [pair for pair, one in context.instruments.items() if one.currency != context.account.currency]
    if foreign:
        raise ConfigurationError(
            f"instruments.{foreign[0]}: the notebook reckons in {context.account.currency} only. Leave it out"
        )
    options = read_options(context.options)
    notebook = Notebook.open(context.folder / options.notebook)
    return NotebookBroker(context, options, notebook, PriceFile(context.folder / options.prices))
