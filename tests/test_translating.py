"""Words in the active language: kept while a page is made, and asked for anew elsewhere."""

from django.utils.translation import get_language, override

from riskfactors.words.translating import language, one_language


def test_the_language_is_the_active_one() -> None:
    with override("fr"):
        inside = language()

    assert (inside, language()) == ("fr", get_language())


def test_the_language_of_a_page_is_kept_until_it_is_made() -> None:
    with override("fr"), one_language() as kept, override("de"):
        inside = language()

    assert (kept, inside, language()) == ("fr", "fr", get_language())


def test_a_page_that_fails_keeps_no_language() -> None:
    try:
        with override("fr"), one_language():
            raise LookupError
    except LookupError:
        pass

    assert language() == get_language()
