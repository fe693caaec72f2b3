"""Writes findings as JSON: what is the same for many patients is encoded once."""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

from msgspec import Raw
from msgspec.json import Encoder

from riskfactors.domain.evidence import Ruling
from riskfactors.domain.findings import Finding, MilestoneFindings
from riskfactors.domain.scores import Score, Scoring
from riskfactors.domain.vocabulary import Phrase

REMEMBERED: Final = 8192
RULING: Final = ("factor", "verdict", "stratum", "direction"), b"basis", ("missing", "reason")
SCORING: Final = ("name",), b"value", ("points_low", "points_high", "rule")
"""The fields of a finding and of a component: those shared, around the one of the patient."""


class FindingsWriter:
    """Writes `cartapp-findings/1` documents, numbers exact and every phrase worded."""

    def __init__(self, words: Callable[[Phrase], str]) -> None:
        plain = Encoder()

        @lru_cache(maxsize=8192)
        def worded(phrase: Phrase) -> Raw:
            return Raw(plain.encode(words(phrase)))

        self.encode = Encoder(enc_hook=worded, decimal_format="number").encode
        self.ends = _Ends(self.encode)

    def document(
        self,
        *,
        case_id: str,
        catalogue: str,
        warnings: Iterable[Phrase],
        milestones: Iterable[MilestoneFindings],
    ) -> bytes:
        """The findings of one case."""
        return self.encode(
            {
                "schema": "cartapp-findings/1",
                "case_id": case_id,
                "catalogue": catalogue,
                "warnings": warnings,
                "milestones": [
                    {
                        "milestone": at.milestone,
                        "date": at.date,
                        "day": at.day,
                        "findings": self.findings(at.findings),
                        "scores": list(map(self.score, at.scores)),
                    }
                    for at in milestones
                ],
            }
        )

    def findings(self, findings: Iterable[Finding]) -> Raw:
        """A list of findings: the grounds of each between the ends that its ruling gives it."""
        encode, ends = self.encode, self.ends
        parts: list[bytes] = []
        for finding in findings:
            before, after = ends[finding.ruling]
            parts += before, encode(finding.basis), after
        return Raw(b"[%s]" % b"".join(parts)[:-1])

    def score(self, score: Score) -> dict[str, Any]:
        """A score, its components likewise."""
        encode, ends = self.encode, self.ends
        parts: list[bytes] = []
        for component in score.components:
            before, after = ends[component.scoring]
            parts += before, encode(component.value), after
        return {
            "score": score.score,
            "low": score.low,
            "high": score.high,
            "components": Raw(b"[%s]" % b"".join(parts)[:-1]),
            "missing": score.missing,
            "group": score.group,
        }


class _Ends(dict[Ruling | Scoring, tuple[bytes, bytes]]):
    """What stands before and after what is the patient's own, made when first asked for."""

    def __init__(self, encode: Callable[[Any], bytes]) -> None:
        self.encode = encode

    def __missing__(self, shared: Ruling | Scoring) -> tuple[bytes, bytes]:
        if len(self) >= REMEMBERED:
            self.clear()
        before, own, after = RULING if isinstance(shared, Ruling) else SCORING
        start = self.encode({name: getattr(shared, name) for name in before})
        end = self.encode({name: getattr(shared, name) for name in after})
        ends = start[:-1] + b',"%s":' % own, b"," + end[1:] + b","
        self[shared] = ends
        return ends
