from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from assistant.domain.answer import Answer, Citation
from assistant.ui.dates import french_date
from assistant.ui.markdown import statements_shown, to_html
from assistant.ui.render import plain_text, render_problem, render_turn, render_waiting, spoken
from assistant.ui.sources import render_sources
from knowledge.documents import Source

HOSTILE = "<script>alert(1)</script> {{7*7}} ![x](http://mechant.example) [a](javascript:alert(1)) \" ' onload=x"


class Tags(HTMLParser):
    """The tags and attributes a browser would see, and the text of the `mark` elements."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.marked: list[str] = []
        self._in_mark = False
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "mark":
            self._in_mark = True
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "mark":
            self._in_mark = False

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._in_mark:
            self.marked[-1] += data

    def ids(self) -> list[str | None]:
        return [value for name, value in self.attributes if name == "id"]


def make_citation(**more: Any) -> Citation:
    facts = {
        "n": 1,
        "doc": "a.md",
        "source_id": "a",
        "title": "Guide",
        "passage": "Oui. Non. Oui.",
        "quote": "Oui.",
        "start": 10,
        "end": 14,
    }
    return Citation.model_validate({**facts, **more})


def make_answer(**more: Any) -> Answer:
    facts = {
        "question": "Question ?",
        "resolved_question": "Question ?",
        "behaviour": "answer",
        "state": "fiable",
        "answer": "Oui. [1]",
        "citations": (make_citation(),),
    }
    return Answer.model_validate({**facts, **more})


@pytest.mark.parametrize(
    ("iso", "french"),
    [
        ("2026-11-24", "24 novembre 2026"),
        ("2026-08-01", "1er août 2026"),
        ("2024-02", "février 2024"),
        ("2024", "2024"),
        ("2024-13-01", "2024-13-01"),
        ("printemps 2024", "printemps 2024"),
        ("", ""),
    ],
)
def test_dates_read_as_french_people_write_them(iso: str, french: str) -> None:
    assert french_date(iso) == french


@pytest.mark.parametrize(
    ("text", "markup"),
    [
        ("Un.\n\nDeux.", "<p>Un.</p><p>Deux.</p>"),
        ("Un\ndeux", "<p>Un<br>deux</p>"),
        ("Voici :\n- un\n- deux\n\nFin.", "<p>Voici :</p><ul><li>un</li><li>deux</li></ul><p>Fin.</p>"),
        ("1. un\n2. deux", "<ol><li>un</li><li>deux</li></ol>"),
        ("- un\n\n- deux", "<ul><li>un</li><li>deux</li></ul>"),
        ("**gras** et *non*", "<p><strong>gras</strong> et *non*</p>"),
        ("## Titre\nTexte", '<p class="b-subtitle">Titre</p><p>Texte</p>'),
        ("[9] reste", "<p>[9] reste</p>"),
        ("a < b & c", "<p>a &lt; b &amp; c</p>"),
    ],
)
def test_the_markdown_of_answers(text: str, markup: str) -> None:
    assert to_html(text, lambda n: None) == markup


def test_a_mark_leads_to_its_citation() -> None:
    tags = Tags(to_html("Oui. [1][2]", lambda n: f"#src-{n}" if n == 1 else None))
    assert ("href", "#src-1") in tags.attributes
    assert tags.text == "Oui. source 1[2]"


def test_an_answer_grows_by_whole_statements() -> None:
    answer = "Un. [1]\n\n- Deux. [1] [2]\n- Trois. [3]"
    assert statements_shown(answer) == ["Un. [1]", "Un. [1]\n\n- Deux. [1] [2]", answer]
    assert statements_shown("Je ne trouve pas.") == ["Je ne trouve pas."]


def test_the_quote_marked_is_the_one_at_its_place_not_the_first_alike() -> None:
    markup = render_turn(make_answer())
    assert Tags(markup).marked == ["Oui."]
    assert "Oui. Non. <mark>Oui.</mark>" in markup


def test_a_quote_whose_place_is_wrong_is_found_again_and_a_foreign_one_is_not_marked() -> None:
    moved = render_turn(make_answer(citations=(make_citation(start=0, end=2, quote="Non."),)))
    assert Tags(moved).marked == ["Non."]
    foreign = render_turn(make_answer(citations=(make_citation(quote="Absent."),)))
    assert Tags(foreign).marked == []
    assert "Oui. Non. Oui." in foreign


def test_only_the_latest_turn_owns_the_short_ids() -> None:
    markup = render_turn(make_answer(), prefix="src-t1") + render_turn(make_answer())
    assert Tags(markup).ids() == ["src-t1-1", "src-1"]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//mechant.example", "", None])
def test_an_address_that_is_no_web_page_is_no_link(url: str | None) -> None:
    tags = Tags(render_turn(make_answer(citations=(make_citation(url=url),))))
    assert "target" not in dict(tags.attributes)
    assert "a.md" in tags.text


def test_every_field_of_a_document_stays_text() -> None:
    texts = ("doc", "title", "publisher", "date", "locator", "original", "validity", "checked", "note")
    citation = make_citation(**dict.fromkeys(texts, HOSTILE), passage=HOSTILE, quote=HOSTILE, start=0, end=len(HOSTILE))
    answer = make_answer(
        question=HOSTILE,
        answer=HOSTILE,
        citations=(citation,),
        leads=(citation,),
        warnings=(HOSTILE,),
        engine=HOSTILE,
    )
    for markup in (render_turn(answer), render_waiting(HOSTILE), render_problem(HOSTILE)):
        tags = Tags(markup)
        assert not {"script", "img", "iframe"} & set(tags.tags)
        assert not [name for name, _ in tags.attributes if name.startswith("on")]
        assert "<script>alert(1)</script> {{7*7}} ![x](http://mechant.example)" in tags.text


@pytest.mark.parametrize(
    ("more", "badge"),
    [
        ({"state": "fiable"}, "Fiable"),
        ({"state": "à vérifier"}, "À vérifier"),
        ({"state": "pas de réponse", "behaviour": "abstain", "citations": ()}, "Aucun passage connu"),
        ({"state": "pas de réponse", "behaviour": "redirect", "citations": ()}, "sort de ce que"),
    ],
)
def test_the_state_is_said_and_explained(more: dict[str, Any], badge: str) -> None:
    assert badge in Tags(render_turn(make_answer(**more))).text


def test_a_statement_to_check_carries_its_reserves() -> None:
    citation = make_citation(
        confidence="a_verifier", note="Montant annoncé.", checked="2026-11-24", validity="session 2026"
    )
    text = Tags(render_turn(make_answer(citations=(citation,)))).text
    for words in ("à vérifier", "Montant annoncé.", "État des connaissances au 24 novembre 2026", "session 2026"):
        assert words in text


def test_the_engine_is_named_when_a_model_wrote() -> None:
    assert "essai-7b" in Tags(render_turn(make_answer(engine="essai-7b"))).text
    assert "sans modèle de langage" in Tags(render_turn(make_answer())).text


def test_a_partial_answer_has_neither_badge_nor_foot() -> None:
    markup = render_turn(make_answer(), shown="Oui. [1]")
    assert "b-state" not in markup
    assert "data-copy" not in markup
    assert 'aria-busy="true"' in markup


def test_the_text_to_copy_names_each_source() -> None:
    answer = make_answer(citations=(make_citation(publisher="Éditeur", date="2025-03-12", url="https://a.example"),))
    assert plain_text(answer).splitlines() == [
        "Question ?",
        "",
        "Oui. [1]",
        "",
        "Sources\u00a0:",
        "[1] Guide, Éditeur, 12 mars 2025, https://a.example",
    ]


def test_what_is_announced_counts_the_sources() -> None:
    assert spoken(make_answer()).endswith("fiable, 1 source.")
    assert spoken(make_answer(citations=())).endswith("fiable, aucune source.")


def test_sources_are_grouped_by_kind_then_title_and_folded_for_the_filter() -> None:
    sources = [
        Source(id="1", doc="1.md", title="Zèbre", kind="document"),
        Source(id="2", doc="2.md", title="École", kind="guide", publisher="Éditeur"),
        Source(id="3", doc="3.md", title="Arbre", kind="guide"),
    ]
    markup = render_sources(sources)
    assert markup.index("Arbre") < markup.index("École") < markup.index("Zèbre")
    assert 'data-words="ecole editeur 2.md guide"' in markup
    assert "Guides (2)" in markup
    assert "Textes de droit" not in markup


def test_a_page_without_sources_says_so() -> None:
    assert "Aucune source" in render_sources([])
