"""Journeys of a visitor through the pages, in Chromium, against a scripted assistant."""

from __future__ import annotations

import re
from typing import Any

import pytest
from scripted import QUOTES, Site

ENGLISH = re.compile(
    r"\b(the|your|submit|clear|send|share|copy|stop|loading|error|settings|built with|use via|message|undo|retry)\b",
    re.I,
)


def ask(page: Any, question: str) -> None:
    page.get_by_label("Votre question").fill(question)
    page.keyboard.press("Enter")
    wait_for_answer(page, question)


def wait_for_answer(page: Any, question: str) -> None:
    page.wait_for_function(
        """question => document.querySelector("#b-current .b-foot")
            && document.querySelector("#b-current .b-question").innerText.includes(question)""",
        arg=question,
    )


def accessible_names(page: Any) -> list[str]:
    """What a screen reader calls each control and region."""
    return page.evaluate(
        """() => [...document.querySelectorAll(
                "button, a, input, textarea, select, [aria-label], [title], [placeholder]")]
            .filter((element) => element.checkVisibility())
            .flatMap((element) => ["aria-label", "title", "placeholder"].map((name) => element.getAttribute(name))
                .concat(element.innerText))
            .filter(Boolean)"""
    )


def test_a_question_gets_an_answer_whose_marks_open_the_quoted_passages(page: Any) -> None:
    ask(page, "Qu'est-ce qu'un RRMA ?")
    answer = page.locator("#b-current")
    assert answer.get_by_text("Fiable", exact=True).is_visible()
    assert "Une des sources a plus d’un an." in answer.inner_text()
    sources = answer.locator(".b-source")
    assert sources.count() == 2
    assert not sources.nth(1).locator("blockquote").first.is_visible()

    answer.locator("a.b-mark").nth(1).click()

    opened = page.locator("#src-2")
    assert opened.locator("mark").inner_text() == QUOTES[1]
    assert opened.locator("blockquote").first.inner_text().startswith("Les réseaux régionaux")
    text = opened.inner_text()
    assert "Éditeur d’essai · 2024 · p. 2" in text
    assert "à vérifier" in text
    assert "Fonctions variables." in text


def test_a_citation_tells_its_date_of_knowledge_its_address_and_the_original_text(page: Any) -> None:
    ask(page, "Qu'est-ce qu'un RRMA ?")
    source = page.locator("#src-1")
    source.locator("summary").first.click()
    assert "État des connaissances au 24 novembre 2026" in source.inner_text()
    link = source.get_by_role("link")
    assert link.get_attribute("href") == "https://source.example/guide"
    assert link.get_attribute("target") == "_blank"
    assert "noopener" in link.get_attribute("rel")
    original = source.locator("details.b-original")
    assert not original.locator("blockquote").is_visible()
    original.locator("summary").click()
    assert "multi-\nacteurs" in original.locator("blockquote").inner_text()


def test_a_quote_far_down_in_its_passage_is_in_sight_when_the_passage_opens(page: Any) -> None:
    ask(page, "Un passage long")
    page.locator("#b-current a.b-mark").click()
    page.wait_for_function(
        """() => {
            const quote = document.querySelector("#src-1 mark").getBoundingClientRect();
            const box = document.querySelector("#src-1 blockquote").getBoundingClientRect();
            return quote.top >= box.top && quote.bottom <= box.bottom;
        }"""
    )


def test_an_unknown_answer_says_so_and_offers_leads(page: Any) -> None:
    ask(page, "Une question inconnue")
    text = page.locator("#b-current").inner_text()
    assert "Pas de réponse" in text
    assert "Je ne trouve pas" in text
    assert "Pistes proches" in text
    assert page.locator("#b-current aside").count() == 0


def test_an_example_is_asked_by_its_button(page: Any) -> None:
    button = page.locator("button.b-example").first
    question = button.inner_text()
    button.click()
    wait_for_answer(page, question)
    assert not page.locator("#b-examples").is_visible()


def test_a_follow_up_is_asked_with_the_turns_before_it(page: Any, site: Site) -> None:
    ask(page, "Première question")
    page.get_by_role("button", name="Et pour un département").click()
    wait_for_answer(page, "Et pour un département")
    assert site.assistant.histories[-1] == ["Première question"]
    assert page.locator("#b-past .b-turn").count() == 1
    # The marks of the earlier answer still open its own sources.
    page.locator("#b-past a.b-mark").first.click()
    assert page.locator("#b-past mark").first.is_visible()


def test_a_reload_brings_the_conversation_back_with_its_citations(page: Any) -> None:
    ask(page, "Première question")
    ask(page, "Deuxième question")
    page.reload()
    wait_for_answer(page, "Deuxième question")
    assert "Première question" in page.locator("#b-past").inner_text()
    page.locator("#b-current a.b-mark").first.click()
    assert page.locator("#src-1 mark").inner_text() == QUOTES[0]


def test_a_new_conversation_empties_the_page_and_stays_empty_after_a_reload(page: Any) -> None:
    ask(page, "Première question")
    page.get_by_role("button", name="Nouvelle conversation").click()
    page.locator(".b-turn").first.wait_for(state="detached")
    page.wait_for_selector("#b-examples button")
    assert page.locator(".b-turn").count() == 0
    page.reload()
    page.wait_for_selector("#b-examples button")
    assert page.locator(".b-turn").count() == 0


def test_an_erased_conversation_leaves_the_storage(page: Any, site: Site) -> None:
    ask(page, "Question à effacer")
    before = len(site.assistant.histories)
    page.get_by_role("button", name="Effacer la conversation").click()
    page.wait_for_selector("#b-examples button")
    ask(page, "Autre question")
    assert site.assistant.histories[before] == []


def test_a_thumb_down_and_its_comment_are_stored(page: Any, site: Site) -> None:
    ask(page, "Question mal répondue")
    page.get_by_role("button", name="Non, à améliorer").click()
    page.get_by_label(re.compile("Que faudrait-il corriger")).fill("La date est <b>fausse</b>.")
    page.get_by_role("button", name="Envoyer le commentaire").click()
    page.get_by_text("Merci, commentaire enregistré.").wait_for()
    last = site.storage.feedback()[-1]
    assert (last.value, last.comment) == (-1, "La date est <b>fausse</b>.")


def test_stopping_gives_the_page_back_at_once(page: Any) -> None:
    page.get_by_label("Votre question").fill("Une question lente")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Arrêter").click()
    page.get_by_role("button", name="Envoyer", exact=True).wait_for(timeout=2500)
    assert page.locator("#b-current .b-waiting").count() == 0


def test_an_empty_question_is_refused_in_french_and_loses_nothing(page: Any) -> None:
    ask(page, "Première question")
    page.get_by_role("button", name="Envoyer", exact=True).click()
    alert = page.get_by_role("alert").filter(has_text="vide")
    alert.wait_for()
    wait_for_answer(page, "Première question")


def test_what_is_copied_holds_the_answer_and_its_sources(page: Any) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, "Qu'est-ce qu'un RRMA ?")
    page.get_by_role("button", name="Copier la réponse").click()
    page.get_by_role("button", name="Réponse copiée").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert QUOTES[0] in copied
    assert "[2] Guide de la coopération, tome 2, Éditeur d’essai, 2024, p. 2" in copied


def test_the_sources_are_listed_and_filtered_by_kind_and_words(page: Any) -> None:
    page.get_by_role("tab", name="Sources").click()
    entries = page.locator(".b-entry:visible")
    page.wait_for_selector(".b-entry")
    assert entries.count() == 4
    assert "Valable à partir du 9 juillet 2014" in page.locator(".b-list").inner_text()
    assert "Version consolidée non vérifiée." in page.locator(".b-list").inner_text()

    page.get_by_label("Type de source").select_option("droit")
    assert entries.all_inner_texts()[0].startswith("Droit")
    assert entries.count() == 1
    page.get_by_label("Type de source").select_option("")
    page.get_by_label(re.compile("Rechercher")).fill("ETRANGER")
    assert entries.count() == 1
    page.get_by_label(re.compile("Rechercher")).fill("rien de tel")
    assert entries.count() == 0
    assert page.get_by_text("Aucune source ne correspond.").is_visible()


def test_hostile_text_is_shown_as_text_and_reaches_nobody(page: Any, site: Site) -> None:
    title = page.title()
    ask(page, "Une question hostile <img src=x onerror=alert(1)>")
    page.locator("#src-1 summary").first.click()
    page.locator("#src-1 details.b-original summary").click()
    page.get_by_role("tab", name="Sources").click()
    page.wait_for_selector(".b-entry")
    page.reload()
    wait_for_answer(page, "Une question hostile")
    page.wait_for_timeout(500)

    text = page.locator("#b-current").inner_text()
    assert "<script>document.title" in text
    assert "{{7*7}} ${7*7} ![x](http://mechant.example/y.png)" in text
    assert "49" not in text
    assert page.title() == title
    assert page.locator("#b-current img, #b-current script, a[href^='javascript']").count() == 0
    assert [url for url in page.requests if not url.startswith((site.url, "data:"))] == []


def test_nothing_is_asked_of_another_host(page: Any, site: Site) -> None:
    ask(page, "Qu'est-ce qu'un RRMA ?")
    page.get_by_role("tab", name="Sources").click()
    page.wait_for_selector(".b-entry")
    assert [url for url in page.requests if not url.startswith((site.url, "data:"))] == []
    assert len(page.requests) < 120


def test_nothing_is_kept_in_the_browser_before_the_first_question(page: Any) -> None:
    page.wait_for_timeout(500)
    assert page.evaluate("[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
    ask(page, "Première question")
    assert page.evaluate("[localStorage.length, document.cookie]") == [1, ""]


def test_everything_is_in_french_for_a_browser_in_english(page: Any) -> None:
    ask(page, "Qu'est-ce qu'un RRMA ?")
    page.locator("#b-useful").click()
    page.get_by_text("Merci, avis enregistré.").wait_for()
    assert page.evaluate("document.documentElement.lang") == "fr"
    visible = [page.locator("body").inner_text(), *accessible_names(page)]
    page.get_by_role("tab", name="Sources").click()
    page.get_by_label("Type de source").select_option("guide")
    visible += [page.locator("body").inner_text(), *accessible_names(page)]
    assert [word.group() for text in visible for word in ENGLISH.finditer(text)] == []


def test_the_first_screen_says_what_boussole_is_not_and_where_data_goes(page: Any) -> None:
    notice = page.locator(".b-notice")
    assert notice.is_visible()
    text = notice.inner_text()
    for words in ("Réponses automatiques", "ni un avis juridique", "contrôle de légalité", "contact@reseau.example"):
        assert words in text
    assert "Aucune donnée n’est envoyée à un tiers" in text
    assert "30 jours" in text
    assert notice.bounding_box()["y"] < 700


def test_a_whole_journey_works_with_the_keyboard_alone(page: Any, site: Site) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "b-skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    page.keyboard.type("Qu'est-ce qu'un RRMA ?")
    page.keyboard.press("Enter")
    wait_for_answer(page, "Qu'est-ce qu'un RRMA ?")
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"

    def back_to(selector: str) -> None:
        for _ in range(30):
            page.keyboard.press("Shift+Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"{selector} cannot be reached with the keyboard")

    back_to("#b-useless")
    page.keyboard.press("Enter")
    page.wait_for_selector("#b-comment textarea")
    assert site.storage.feedback()[-1].value == -1
    back_to("a.b-mark")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.locator("#b-current mark").first.is_visible() or page.locator("#b-current mark").last.is_visible()


def test_screen_readers_hear_that_the_answer_is_there(page: Any) -> None:
    status = page.locator("body > .b-sr[role=status]")
    ask(page, "Qu'est-ce qu'un RRMA ?")
    page.wait_for_timeout(200)
    assert "fiable, 2 sources" in status.inner_text()


@pytest.mark.parametrize("width", [1280, 375])
def test_axe_finds_no_serious_fault(page: Any, axe_script: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    faults = []

    def check(state: str) -> None:
        # Evaluated by the driver: a script tag would be refused by the page's own policy.
        page.evaluate(axe_script)
        result = page.evaluate(
            """() => axe.run({runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]})"""
        )
        faults.extend(
            f"{state}: {fault['id']} ({fault['impact']}) {fault['nodes'][0]['html'][:200]}"
            for fault in result["violations"]
        )

    check("first screen")
    ask(page, "Qu'est-ce qu'un RRMA ?")
    page.locator("#src-1 summary").first.click()
    page.locator("#b-useless").click()
    page.wait_for_selector("#b-comment textarea")
    ask(page, "Une question inconnue")
    check("conversation")
    page.get_by_role("tab", name="Sources").click()
    page.wait_for_selector(".b-entry")
    check("sources")
    assert faults == []


@pytest.mark.parametrize("width", [375, 320])
def test_a_small_screen_never_scrolls_sideways(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    ask(page, "Une question hostile")
    page.locator("#src-1 summary").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("tab", name="Sources").click()
    page.wait_for_selector(".b-entry")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_citations_stand_beside_the_answer_on_a_wide_screen_and_below_on_a_small_one(page: Any) -> None:
    ask(page, "Qu'est-ce qu'un RRMA ?")
    answer, aside = page.locator("#b-current .b-answer"), page.locator("#b-current aside")
    assert aside.bounding_box()["x"] > answer.bounding_box()["x"] + 300
    page.set_viewport_size({"width": 800, "height": 900})
    assert aside.bounding_box()["y"] > answer.bounding_box()["y"] + 50


def test_the_composer_stays_in_sight_while_a_long_conversation_scrolls(page: Any) -> None:
    for question in ("Première question", "Deuxième question", "Troisième question"):
        ask(page, question)
    page.evaluate("scrollTo(0, 0)")
    box = page.get_by_label("Votre question").bounding_box()
    assert 0 < box["y"] < 900


def test_what_gets_the_focus_is_not_hidden_behind_the_composer(page: Any) -> None:
    page.set_viewport_size({"width": 1280, "height": 700})
    ask(page, "Première question")
    ask(page, "Deuxième question")
    page.evaluate("scrollTo(0, 0)")
    hidden = page.evaluate(
        """() => [...document.querySelectorAll("#b-past summary, #b-current summary, #b-current a, button.b-example")]
            .filter((element) => element.checkVisibility())
            .filter((element) => {
                element.focus();
                const box = element.getBoundingClientRect();
                const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                return !(element.contains(top) || top?.contains(element));
            }).map((element) => element.outerHTML.slice(0, 80))"""
    )
    assert hidden == []


def test_the_first_load_stays_light(page: Any) -> None:
    page.wait_for_timeout(1500)
    weight = page.evaluate(
        """() => performance.getEntries().filter((entry) => entry.transferSize)
            .reduce((total, entry) => total + entry.transferSize, 0)"""
    )
    assert weight < 600_000
