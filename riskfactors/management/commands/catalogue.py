"""`catalogue`: the published catalogue as JSON."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from riskfactors.domain.documents import write_catalogue
from riskfactors.published import catalogue


class Command(BaseCommand):
    """Prints every factor with its evidence, and the references."""

    help = "Prints the published catalogue."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        sys.stdout.buffer.write(write_catalogue(catalogue()) + b"\n")
