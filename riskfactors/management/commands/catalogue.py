"""`catalogue`: the published catalogue as JSON."""

from typing import Any

from riskfactors.domain.documents import write_catalogue
from riskfactors.printing import PrintingCommand
from riskfactors.published import catalogue


class Command(PrintingCommand):
    """Prints every factor with its evidence, and the references."""

    help = "Prints the published catalogue."

    def handle(self, *args: Any, **options: Any) -> None:
        self.print(write_catalogue(catalogue()))
