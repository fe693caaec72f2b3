"""What somebody asks of the worklist."""

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.models.search import words_of
from patients.worklist.listing import Wanted
from patients.worklist.runs import Order, Show

LONGEST_SEARCH = 100
MOST_WORDS = 5

REFUSED = {"invalid_choice": _("“%(value)s” is not among the choices: it is not applied.")}


class WorklistFilters(forms.Form):
    """What is not valid is named and left out; the rest is applied.

    `q` is read from what was posted alone: a name belongs in no address.
    """

    q = forms.CharField(
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={
            "max_length": _("The search is longer than %(limit_value)d characters: it is left out.")
        },
    )
    show = forms.ChoiceField(
        required=False, choices=[(show.value, show.value) for show in Show], error_messages=REFUSED
    )
    order = forms.ChoiceField(
        required=False, choices=[(by.value, by.value) for by in Order], error_messages=REFUSED
    )
    after = forms.UUIDField(required=False)
    run = forms.IntegerField(required=False, min_value=0)

    def clean_q(self) -> tuple[str, ...]:
        """The plain words to search for."""
        typed = self.cleaned_data["q"]
        words = tuple(words_of(typed))
        if typed and not words:
            raise forms.ValidationError(_("A search needs a letter or a digit: it is left out."))
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(
                _("The search has more than %d words: it is left out.") % MOST_WORDS
            )
        return words

    def wanted(self) -> Wanted:
        """What is asked for, as far as it is valid."""
        self.full_clean()
        valid = self.cleaned_data
        words = valid.get("q", ())
        return Wanted(
            words=words,
            show=Show(valid.get("show", "")),
            order=Order.CASE if words else Order(valid.get("order", "")),
            after=valid.get("after"),
            run=valid.get("run") or 0,
        )
