"""Values to markup by the templates of Jinja, for what stands many times on a page."""

from django.template import engines
from django.utils.safestring import SafeString


def rendered(template: str, **values: object) -> SafeString:
    """What a template makes of some values, to be put into a page as it is.

    The template has escaped every text in it, so that nothing else needs to.
    """
    return SafeString(engines["jinja2"].get_template(template).render(values))
