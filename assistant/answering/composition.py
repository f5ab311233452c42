"""Composition without a language model: the sentences that answer, in the passages' own words, cited one by one.

The most direct comes first; a list is given as a list, a figure or a date by the sentence that holds it. A sentence
that leans on the one before it (« Ce dispositif… », « Elle… ») is quoted together with it, so that nothing has to be
rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.answering.evidence import Evidence
from assistant.answering.question import QuestionShape
from assistant.domain.answer import Citation, Statement
from knowledge.documents import Passage, Source, Unit
from knowledge.index.retrieval import Hit

MAX_WORDS = 120
MAX_LIST_WORDS = 130
SCORE_WINDOWS = (2.5, 2.5, 2.0)
"""How far below the best a second, third and fourth piece may score: what is added must be nearly as direct."""
WHOLE_PASSAGE_WORDS = 60
CONTINUED_WORDS = 90
SCRAP_WORDS = 7

_DANGLING = re.compile(
    r"^(?:il|elle|ils|elles|ce|cet|cette|ces|celui-ci|celle-ci|celles-ci|ceux-ci|ceci|cela|ainsi|enfin|toutefois|"
    r"cependant|en effet|par ailleurs|de même|dans ce cas|pour cela|à ce titre|en outre|leurs?|sa|son|ses|y)\b",
    re.IGNORECASE,
)
_IMPERSONAL = re.compile(
    r"^(?:il (?:est|faut|convient|s['’]agit|existe|y a|n['’]y a|peut s['’]agir|n['’]existe|n['’]est pas)\b|"
    r"ce (?:document|guide) )",
    re.IGNORECASE,
)
_LOCATED_ARTICLE = re.compile(r"art\. ([LRD]\.\d{4}-[\d-]*\d)")
_SPACES = re.compile(r"[ \t\r\n]+")  # no-break spaces stay: they hold figures and their units together
_BULLET = re.compile(r"^(?:[•–—-]\s*)+")


@dataclass(frozen=True)
class Piece:
    """A stretch of one passage that the answer says: `units` are consecutive."""

    hit: Hit
    first: int
    last: int

    @property
    def units(self) -> tuple[Unit, ...]:
        return self.hit.passage.units[self.first : self.last + 1]

    def words(self) -> int:
        return len(self.hit.passage.text[self.units[0].start : self.units[-1].end].split())

    def covers(self, evidence: Evidence) -> bool:
        return evidence.hit.passage.id == self.hit.passage.id and self.first <= evidence.index <= self.last


def choose_pieces(evidence: Sequence[Evidence], shape: QuestionShape) -> list[Piece]:
    """What to say, the most direct first, in at most about MAX_WORDS words."""
    pieces: list[Piece] = []
    said: set[str] = set()
    for candidate in evidence:
        if pieces and (
            len(pieces) > len(SCORE_WINDOWS) or candidate.score < evidence[0].score - SCORE_WINDOWS[len(pieces) - 1]
        ):
            break
        if any(piece.covers(candidate) for piece in pieces):
            continue
        piece = _piece_around(candidate, shape, first=not pieces)
        others = [kept for kept in pieces if not _overlaps(kept, piece)]
        if len(others) < len(pieces):
            continue
        text = _normal(piece)
        if pieces and _announces_only(piece):
            continue
        if text in said or (pieces and sum(kept.words() for kept in pieces) + piece.words() > MAX_WORDS):
            continue
        said.add(text)
        pieces = _with(pieces, piece)
    return pieces


def _announces_only(piece: Piece) -> bool:
    """True for a sentence that introduces what does not come with it."""
    return piece.hit.passage.quote(piece.units[-1]).rstrip().endswith(":")


def _with(pieces: list[Piece], piece: Piece) -> list[Piece]:
    """`pieces` and `piece`, the latter joined to the one it goes on from in the same passage."""
    for i, kept in enumerate(pieces):
        if kept.hit.passage.id == piece.hit.passage.id and piece.first == kept.last + 1:
            return [*pieces[:i], Piece(kept.hit, kept.first, piece.last), *pieces[i + 1 :]]
    return [*pieces, piece]


def _piece_around(evidence: Evidence, shape: QuestionShape, *, first: bool) -> Piece:
    """The stretch of the passage that `evidence` needs to be understood; more of it for the first piece."""
    units = evidence.hit.passage.units
    found = _list_around(evidence.hit.passage, evidence.index, shape)
    if found:
        return Piece(evidence.hit, *found)
    passage = evidence.hit.passage
    start = end = evidence.index
    exact = bool(shape.answer_types) and shape.is_given_by(evidence.text)
    while start > 0 and evidence.index - start < 2 and not exact and _goes_on(passage, start):
        start -= 1
    whole = Piece(evidence.hit, 0, len(units) - 1)
    if first and not exact and whole.words() <= WHOLE_PASSAGE_WORDS:
        return whole
    while first and not exact and end + 1 < len(units) and _goes_on(passage, end + 1):
        longer = Piece(evidence.hit, start, end + 1)
        if longer.words() > CONTINUED_WORDS:
            break
        end += 1
    return Piece(evidence.hit, start, end)


def _goes_on(passage: Passage, index: int) -> bool:
    """True when unit `index` continues the one before: it opens with a pronoun or « de même », or both are scraps."""
    return _leans_back(passage, index) or (_is_scrap(passage, index - 1) and _is_scrap(passage, index))


def _is_scrap(passage: Passage, index: int) -> bool:
    """True for a few words cut out of a drawing or a flattened table: they read only with their neighbours."""
    unit = passage.units[index]
    text = passage.quote(unit)
    return (
        unit.kind == "sentence"
        and len(text.split()) <= SCRAP_WORDS
        and not text.rstrip().endswith((".", "!", "?", ":"))
    )


def _leans_back(passage: Passage, index: int) -> bool:
    unit, before = passage.units[index], passage.units[index - 1]
    text = passage.quote(unit)
    if unit.kind != "sentence" or before.kind != "sentence":
        return False
    return bool(_DANGLING.match(text)) and not _IMPERSONAL.match(text)


def _list_around(passage: Passage, index: int, shape: QuestionShape) -> tuple[int, int] | None:
    """The first and last unit of the list that unit `index` introduces, or belongs to when a list is asked for."""
    units = passage.units
    if _introduces(passage, index):
        first = index
    elif units[index].kind == "item" and shape.shape in ("list", "procedure"):
        first = index
        while first > 0 and units[first - 1].kind == "item":
            first -= 1
        if first > 0 and _introduces(passage, first - 1):
            first -= 1
    else:
        return None
    last = max(first, index)
    words = len(passage.text[units[first].start : units[last].end].split())
    while last + 1 < len(units) and _continues(passage, first, last + 1):
        words += len(passage.quote(units[last + 1]).split())
        if words > MAX_LIST_WORDS:
            break
        last += 1
    return (first, last) if last > first else None


def _introduces(passage: Passage, index: int) -> bool:
    return index + 1 < len(passage.units) and passage.quote(passage.units[index]).rstrip().endswith(":")


def _continues(passage: Passage, first: int, index: int) -> bool:
    """True when unit `index` goes on with the list: an item or a row, or the first paragraphs after a colon."""
    unit = passage.units[index]
    if unit.kind != "sentence":
        return unit.kind == "item" or passage.units[index - 1].kind == "row"
    listed = any(passage.units[i].kind != "sentence" for i in range(first, index))
    return not listed and not _introduces(passage, index)


def _normal(piece: Piece) -> str:
    text = piece.hit.passage.text[piece.units[0].start : piece.units[-1].end]
    return re.sub(r"\W+", " ", text).strip().lower()


def _overlaps(one: Piece, other: Piece) -> bool:
    same = one.hit.passage.id == other.hit.passage.id
    return same and one.first <= other.last and other.first <= one.last


def compose(pieces: Sequence[Piece]) -> tuple[list[Statement], list[Citation], str]:
    """Statements, citations and the Markdown answer of `pieces`, in their order."""
    statements: list[Statement] = []
    citations: list[Citation] = []
    blocks: list[str] = []
    for n, piece in enumerate(pieces, start=1):
        citation = cite(piece.hit, piece.units, n)
        citations.append(citation)
        statement = Statement(text=_readable(piece) + _article(citation), citations=(n,))
        statements.append(statement)
        blocks.append(_markdown(statement, n))
    return statements, citations, _join(blocks)


def cite(hit: Hit, units: Sequence[Unit], n: int) -> Citation:
    """The citation of consecutive `units` of a passage; what the fact itself refers to comes before the source's "
    "own."""
    passage, source = hit.passage, hit.source
    start, end = units[0].start, units[-1].end
    publisher, date, url = _attribution(source, units)
    doubtful = any(unit.confidence == "a_verifier" for unit in units)
    return Citation(
        n=n,
        doc=source.doc,
        source_id=source.id,
        title=" — ".join(passage.title_path),
        publisher=publisher,
        date=date,
        locator=passage.locator,
        passage=passage.text,
        quote=passage.text[start:end],
        url=url,
        kind=source.kind,
        start=start,
        end=end,
        original=passage.original,
        validity=source.validity,
        checked=source.checked,
        confidence="a_verifier" if doubtful else source.confidence,
        note=" ; ".join(dict.fromkeys(unit.note for unit in units if unit.note)),
    )


def _article(citation: Citation) -> str:
    """The article a rule of law comes from, in brackets, when its words do not name it; "" elsewhere."""
    found = _LOCATED_ARTICLE.search(citation.locator)
    if citation.kind != "droit" or found is None or found.group(1) in citation.quote:
        return ""
    code = "CGCT, " if "CGCT" in citation.title else ""
    return f" ({code}art. {found.group(1)})"


def _attribution(source: Source, units: Sequence[Unit]) -> tuple[str, str, str | None]:
    wanted = dict.fromkeys(ref for unit in units for ref in unit.refs)
    cited = [reference for ref in wanted for reference in source.references if reference.id == ref]
    if not cited:
        return source.publisher, source.date, source.url
    publishers = " ; ".join(dict.fromkeys(reference.publisher for reference in cited))
    url = next((reference.url for reference in cited if reference.url), source.url)
    return publishers, max(reference.date for reference in cited), url


def _readable(piece: Piece) -> str:
    """The words of the passage, laid out: items on their lines, one sentence after the other."""
    passage = piece.hit.passage
    lines: list[str] = []
    for unit in piece.units:
        text = _BULLET.sub("", _SPACES.sub(" ", passage.quote(unit)).strip())
        if unit.kind in ("item", "row") and len(piece.units) > 1:
            lines.append(f"- {text}")
        elif lines and not lines[-1].startswith("- "):
            lines[-1] = f"{lines[-1]} {text}"
        else:
            lines.append(text)
    first = lines[0]
    lines[0] = first[:1].upper() + first[1:] if not first.startswith("- ") else first
    if not re.search(r"[.!?:;…»)]$", lines[-1]):
        lines[-1] += "."
    return "\n".join(lines)


def _markdown(statement: Statement, n: int) -> str:
    return f"{statement.text} [{n}]"


def _join(blocks: Sequence[str]) -> str:
    return "\n\n".join(blocks)
