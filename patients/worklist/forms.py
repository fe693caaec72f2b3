"""What somebody asks of the worklist."""

from django import forms
from django.utils.translation import gettext_lazy as _

from patients.models.search import words_of
from patients.worklist.listing import Order, Show, Wanted

LONGEST_SEARCH = 100
MOST_WORDS = 5

NOT_APPLIED = {"invalid_choice": _("“%(value)s” is not among the choices: it is not applied.")}


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
        label=_("Show"),
        required=False,
        choices=[
            (Show.ALL, _("All cases")),
            (Show.NOT_INFUSED, _("Not infused")),
            (Show.INFUSED, _("Infused")),
            (Show.DIED, _("Died")),
        ],
        error_messages=NOT_APPLIED,
    )
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[
            (Order.CASE_ID, _("By case")),
            (Order.INFUSION, _("By infusion, latest first")),
        ],
        error_messages=NOT_APPLIED,
    )
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)

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
        words, show = valid.get("q", ()), Show(valid.get("show", ""))
        order = Order(valid.get("order", ""))
        if words or show is Show.NOT_INFUSED:
            order = Order.CASE_ID
        return Wanted(words=words, show=show, order=order, after=valid.get("after"))
