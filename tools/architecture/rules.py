"""The rules, a function each: it finds nodes of a file and says what is wrong with each."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from phoenix.adapters.ibkr.guard import REAL_PORTS
from tools.architecture.source import Source

Finding = tuple[ast.AST, str]

VENDORS = frozenset({"ibapi", "ib_insync", "ib_async", "eventkit"})

CORE = ("phoenix/domain/", "phoenix/application/", "phoenix/ports/")
TESTS = ("tests/", "features/", "conftest.py", "phoenix/testing/")
EVERYWHERE = ("",)

# Where each vendor library lives, and the probes that drive the bare libraries from outside the tests.
VENDOR_HOMES = ("phoenix/adapters/brokers/ib_insync/", "phoenix/adapters/brokers/ibapi/", "tools/probes/")
# The one that makes the environments of the processes that tests start, so that each is under the network guard.
CHILD_ENVIRONMENTS = ("tests/children.py", "phoenix/testing/network_guard.py")
# The loader that turns a configured name into a broker adapter.
LOADERS = ("phoenix/adapters/brokers/loader.py",)
# The edges of a process, where the last resort is to report what nothing else caught; the store's batching, which
# carries whatever a unit of work raises to the thread that brought it; the calls into a program's own approver; and the
# thread in which autopsies of others run; the code of whatever service an alert goes out through, with the thread that
# waits for it; and the chaos suite, in which a vector that raises has failed.
PROCESS_EDGES = (
    "phoenix/cli/main.py", "phoenix/adapters/store/chain_store.py", "phoenix/embedding/asking.py",
    "phoenix/adapters/autopsy/beside.py", "phoenix/adapters/alerts/apprise_channel.py",
    "phoenix/adapters/alerts/courier.py", "phoenix/bunny/running.py",
)  # fmt: skip

_CLOCKS = (
    "time", "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today",
)  # fmt: skip
_CHANCE = ("random", "secrets", "uuid.uuid1", "uuid.uuid4", "uuid6", "os.urandom", "numpy.random")
_WORLD = (
    "os", "sys.argv", "sys.stdin", "sys.stdout", "sys.stderr", "socket", "threading", "subprocess", "asyncio.sleep",
)  # fmt: skip
_WORLD_BUILTINS = frozenset({"builtins.open", "builtins.input", "builtins.print"})
_DYNAMIC_IMPORTS = (
    "importlib.import_module", "importlib.__import__", "importlib.util", "importlib.machinery", "pkgutil.resolve_name",
    "runpy", "pytest.importorskip", "builtins.__import__", "builtins.exec", "builtins.eval",
)  # fmt: skip
_SKIPS = (
    "pytest.skip", "pytest.xfail", "pytest.importorskip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail",
    "unittest.skip", "unittest.skipIf", "unittest.skipUnless", "unittest.SkipTest", "unittest.expectedFailure",
)  # fmt: skip
_VENDOR_IMPORT_TEXT = re.compile(
    rf"""(?:^|[;'"\n])\s*(?:from\s+|import\s+(?:[\w., ]+,\s*)?)({"|".join(sorted(VENDORS))})\b"""
)
# Options of Python with which it reads no PYTHONPATH, or imports no sitecustomize.
_UNGUARDED_OPTION = re.compile(r"-[bBdOqsuvx]*[EIS][bBdEiIOqsSuvx]*[cm]?")
_UNGUARDED_COMMAND = re.compile(r"\bpython[\d.]*\s+(?:-[WX]\s+\S+\s+|-\S+\s+)*-[bBdOqsuvx]*[EIS]")


@dataclass(frozen=True, slots=True)
class Rule:
    """What may not stand where, and what to do instead."""

    name: str
    find: Callable[[Source], Iterator[Finding]]
    within: tuple[str, ...]
    remedy: str
    except_in: tuple[str, ...] = ()

    def applies_to(self, path: str) -> bool:
        """Whether a file lies within the rule's reach."""
        return path.startswith(self.within) and not (self.except_in and path.startswith(self.except_in))


def vendor_imports(source: Source) -> Iterator[Finding]:
    """Plain imports of an IBKR library, also where the linter does not look (a root conftest.py, features, tools)."""
    for node, name in source.imports:
        if _top(name) in VENDORS:
            yield node, f"imports {_top(name)}"


def dynamic_imports(source: Source) -> Iterator[Finding]:
    """Imports that the linter cannot follow: of a vendor by name, or of a name that is only known at run time."""
    for call, name in source.calls:
        if not _within(name, _DYNAMIC_IMPORTS):
            continue
        target = _literal(call)
        if target is None:
            yield call, f"{_bare(name)}(...) imports a name that is only known at run time"
        elif _top(target) in VENDORS or _VENDOR_IMPORT_TEXT.search(target):
            yield call, f"{_bare(name)}({target!r}) imports {_top(target)}"


def hidden_vendor_imports(source: Source) -> Iterator[Finding]:
    """Vendor imports in text, such as a program handed to a subprocess."""
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            match = _VENDOR_IMPORT_TEXT.search(node.value)
            if match:
                yield node, f"this text would import {match.group(1)} where it is run"


def clocks(source: Source) -> Iterator[Finding]:
    """Readings of the clock."""
    yield from _uses(source, _CLOCKS, "reads the clock")


def chance(source: Source) -> Iterator[Finding]:
    """Sources of randomness, and `hash`, whose value for text differs from one process to the next."""
    yield from _uses(source, _CHANCE, "is random")
    yield from (
        (call, "hash() of text differs in every process") for call, name in source.calls if name == "builtins.hash"
    )


def outside_world(source: Source) -> Iterator[Finding]:
    """Files, terminals, the environment, threads and sockets, and module state changed by `global`."""
    yield from _uses(source, _WORLD, "touches the world outside")
    yield from (
        (call, f"{_bare(name)}() touches the world outside") for call, name in source.calls if name in _WORLD_BUILTINS
    )
    yield from ((node, "global changes a module's state") for node in source.nodes if isinstance(node, ast.Global))


def broad_excepts(source: Source) -> Iterator[Finding]:
    """Handlers and `suppress` that take any error at all, unless they tidy up and pass the very error on."""
    for node in source.nodes:
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type) and not _passes_on(node):
            yield node, "catches every error" if node.type is None else f"catches {ast.unparse(node.type)}"
    for call, name in source.calls:
        if name == "contextlib.suppress" and any(_is_broad(kind) for kind in call.args):
            yield call, "suppresses every error"


def empty_asserts(source: Source) -> Iterator[Finding]:
    """Assertions that cannot fail."""
    for node in source.nodes:
        if isinstance(node, ast.Assert) and _always_true(node.test):
            yield node, f"assert {ast.unparse(node.test)} cannot fail"


def skips(source: Source) -> Iterator[Finding]:
    """Tests that are not run, or whose failure is not reported."""
    yield from _uses(source, _SKIPS, "leaves a test out")


def sleeps(source: Source) -> Iterator[Finding]:
    """Waiting by the wall clock; `asyncio.sleep(0)` only yields and is allowed."""
    for call, name in source.calls:
        if name == "time.sleep" or (name == "asyncio.sleep" and not _is_zero(call.args)):
            yield call, f"{name} waits by the wall clock"


def real_ports(source: Source) -> Iterator[Finding]:
    """Connections to the ports of a real TWS or IB Gateway."""
    for call, name in source.calls:
        if "connect" not in name.rpartition(".")[2].lower():
            continue
        for node in ast.walk(call):
            if isinstance(node, ast.Constant) and node.value in REAL_PORTS:
                yield call, f"{name.rpartition('.')[2]} names port {node.value!r}, a real TWS or IB Gateway"


def unguarded_children(source: Source) -> Iterator[Finding]:
    """Processes that would start without the network guard: in an environment made by hand, or past sitecustomize."""
    for call, _ in source.calls:
        if any(keyword.arg == "env" and isinstance(keyword.value, ast.Dict) for keyword in call.keywords):
            yield call, "starts a process in an environment made by hand"
    for node in source.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node.value == "PYTHONPATH":
                yield node, "says where a process finds packages, and so takes the guard away"
            elif _UNGUARDED_COMMAND.search(node.value):
                yield node, "would start Python without the network guard"
        elif isinstance(node, ast.List | ast.Tuple | ast.Call) and _is_unguarded_command(node, source):
            yield node, "starts Python without the network guard"


def _is_unguarded_command(node: ast.List | ast.Tuple | ast.Call, source: Source) -> bool:
    words = node.args if isinstance(node, ast.Call) else node.elts
    options = [word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str)]
    starts_python = any(source.dotted(word) == "sys.executable" for word in words)
    return starts_python and any(_UNGUARDED_OPTION.fullmatch(option) for option in options)


def _uses(source: Source, forbidden: tuple[str, ...], what: str) -> Iterator[Finding]:
    for node, name in (*source.imports, *source.references):
        if _within(name, forbidden):
            yield node, f"{name} {what}"


def _within(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def _top(name: str) -> str:
    return name.partition(".")[0]


def _bare(name: str) -> str:
    return name.removeprefix("builtins.")


def _literal(call: ast.Call) -> str | None:
    first = call.args[0] if call.args else None
    return first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None


def _is_zero(arguments: list[ast.expr]) -> bool:
    return len(arguments) == 1 and isinstance(arguments[0], ast.Constant) and arguments[0].value == 0


def _is_broad(kind: ast.expr | None) -> bool:
    if isinstance(kind, ast.Tuple):
        return any(_is_broad(item) for item in kind.elts)
    return kind is None or (isinstance(kind, ast.Name) and kind.id in {"Exception", "BaseException"})


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def _always_true(test: ast.expr) -> bool:
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(_always_true(value) for value in test.values)
    if isinstance(test, ast.Tuple):
        return bool(test.elts)
    return isinstance(test, ast.Constant) and bool(test.value)


RULES = (
    Rule(
        "vendor-import",
        vendor_imports,
        EVERYWHERE,
        "drive the adapter through its port, against a simulator",
        VENDOR_HOMES,
    ),
    Rule(
        "dynamic-import",
        dynamic_imports,
        ("phoenix/", *TESTS),
        "import it plainly, so that the linter sees it",
        LOADERS,
    ),
    Rule(
        "hidden-vendor-import", hidden_vendor_imports, (*CORE, *TESTS), "probes of bare libraries go into tools/probes"
    ),
    Rule("clock", clocks, CORE, "take `now` as an argument"),
    Rule("chance", chance, CORE, "take ids and chances as arguments"),
    Rule("outside-world", outside_world, CORE, "do it in an adapter, behind a port"),
    Rule(
        "broad-except", broad_excepts, ("phoenix/",), "catch by name the errors that are answered here", PROCESS_EDGES
    ),
    Rule("empty-assert", empty_asserts, TESTS, "assert what the rule demands"),
    Rule("skip", skips, TESTS, "give the test what it needs, or remove it"),
    Rule("sleep", sleeps, ("phoenix/", *TESTS), "advance the simulated clock, or wait for the event"),
    Rule(
        "unguarded-child",
        unguarded_children,
        TESTS,
        "start it with tests.children.environment(...), and without -E, -I and -S",
        CHILD_ENVIRONMENTS,
    ),
    Rule("real-port", real_ports, TESTS, "let the simulator choose a free port on loopback"),
)
