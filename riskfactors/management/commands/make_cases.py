"""`make_cases N --seed S`: synthetic case documents, one a line."""

import json
from argparse import ArgumentParser
from typing import Any

from riskfactors.printing import PrintingCommand, number_up_to
from riskfactors.synthetic import courses


class Command(PrintingCommand):
    """The same seed makes the same cases."""

    help = "Prints plausible synthetic case documents (cartapp-case/2), one a line."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("number", type=number_up_to(1_000_000), metavar="NUMBER")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        for course in courses(options["number"], options["seed"]):
            self.print(json.dumps(course).encode())
