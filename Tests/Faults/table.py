"""The vocabulary of the tables in families/: what can be broken, where, and which tests should notice."""

from dataclasses import dataclass

SOURCES = "Sources/Autodiff/"


class StaleTable(Exception):
    """A table that does not fit the sources."""


@dataclass(frozen=True)
class Site:
    """An expression in a source file, and the faults: wrong expressions that compile in its place.

    `text` is a piece of the file that occurs there once, with the expression between « and ».
    """

    text: str
    faults: tuple[str, ...]

    @property
    def original(self):
        return self.text[self.text.index("«") + 1 : self.text.index("»")]

    def span(self, source, file):
        """Where the expression lies in the source."""
        snippet = self.text.replace("«", "").replace("»", "")
        count = source.count(snippet)
        if count != 1:
            raise StaleTable(f"{file}: found {count} times instead of once:\n{snippet}")
        start = source.index(snippet) + self.text.index("«")
        return start, start + len(self.original)


@dataclass(frozen=True)
class Family:
    """Sites of one kind in one file, and the suites that should notice a fault in any of them."""

    name: str
    file: str
    suites: tuple[str, ...]
    sites: tuple[Site, ...]


def family(name, file, suites, *sites):
    return Family(name, SOURCES + file, tuple(suites.split()), sites)


def site(text, *faults):
    return Site(text, faults)
