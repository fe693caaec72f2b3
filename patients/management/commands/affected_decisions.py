"""Lists every signed recommendation that rests on a factor which was published anew since."""

from typing import Any

from django.core.management.base import BaseCommand

from patients.board.affected import affected
from patients.models import Centre


class Command(BaseCommand):
    help = "Lists every signed recommendation that rests on a factor published anew since."

    def handle(self, *_args: Any, **_options: Any) -> None:
        for line in affected(Centre.objects.order_by("code")):
            factors = "; ".join(line.factors)
            self.stdout.write(f"{line.case_id}\t{line.signed}\t{line.by}\t{factors}\t{line.url}")
