"""A form that is saved once, and the one answer to a save that was refused."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from patients.frame.problems import add_problems
from patients.records.saving import Refused, TokenReused
from riskfactors.domain.vocabulary import Problem

Done = TypeVar("Done")


class SavedForm(forms.Form):
    """A form whose field `token` names one save: sent twice, it is saved once.

    `typed` is what was sent, nothing while the form is only shown.
    """

    def __init__(self, data: QueryDict | None = None, **given: Any) -> None:
        self.typed = QueryDict(mutable=True) if data is None else data.copy()
        super().__init__(None if data is None else self.typed, **given)

    def fresh_token(self) -> str:
        """A token for another save of this form."""
        return str(uuid.uuid4())

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Show why the case could not be read with what was typed."""
        add_problems(self, problems)

    def renew_token(self) -> None:
        """The form was saved before with other content: what it says now is another save."""
        self.typed["token"] = self.fresh_token()
        self.add_error(None, _("This form was saved before with other content. Save it again."))


def saved(form: SavedForm, save: Callable[[], Done]) -> Done | None:
    """What was saved; None where nothing was, and the form says why.

    Raises Conflict: what somebody else wrote has a page of its own.
    """
    try:
        return save()
    except Refused as refused:
        form.refuse(refused.problems)
    except TokenReused:
        form.renew_token()
    except ValidationError as invalid:
        form.add_error(None, invalid.messages)
    return None
