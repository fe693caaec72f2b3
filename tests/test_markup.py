"""Values to markup: every text is escaped, and nothing that is missing becomes nothing."""

import json

import pytest
from jinja2 import UndefinedError

from riskfactors.beside.rules import RulePart
from riskfactors.markup import data_of, rendered


def test_every_text_is_escaped() -> None:
    rule = RulePart("a < b", (RulePart("<script>alert(1)</script>"), RulePart("\"'&")))

    markup = rendered("riskfactors/beside/rule.jinja", rule=rule)

    assert markup.replace("\n", "") == (
        "a &lt; b<ul><li>&lt;script&gt;alert(1)&lt;/script&gt;</li><li>&#34;&#39;&amp;</li></ul>"
    )


def test_what_is_markup_already_stays_as_it_is() -> None:
    inner = rendered("riskfactors/beside/rule.jinja", rule=RulePart("a & b"))

    outer = rendered("riskfactors/beside/rule.jinja", rule=RulePart(inner))

    assert outer == inner == "a &amp; b"


def test_a_name_that_is_not_given_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="'rule' is undefined"):
        rendered("riskfactors/beside/rule.jinja")


def test_data_cannot_end_the_script_that_they_stand_in() -> None:
    said = {"a": ["</script><!--", None, 1.5], "b": "é & ü"}

    written = data_of(said)

    assert written == (r'{"a":["\u003C/script\u003E\u003C!--",null,1.5],"b":"é \u0026 ü"}')
    assert json.loads(written) == said
