"""The facts that published findings rest on, as the rows of the matrix: each row once.

Findings of a row are evaluated at different milestones and never two of them at one; rows of one
fact stand together and open together.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_noop
from msgspec import Struct


class Section(StrEnum):
    """What a fact is about, in the order of the matrix."""

    PATIENT = "patient"
    BURDEN = "burden"
    BIOLOGY = "biology"
    INFLAMMATION = "inflammation"
    PRODUCT = "product"
    BRIDGING = "bridging"
    RESPONSE = "response"
    TOXICITY = "toxicity"
    RELAPSE = "relapse"


SECTIONS: Final = {
    Section.PATIENT: gettext_noop("Patient"),
    Section.BURDEN: gettext_noop("Tumour burden"),
    Section.BIOLOGY: gettext_noop("Biology"),
    Section.INFLAMMATION: gettext_noop("Inflammation"),
    Section.PRODUCT: gettext_noop("Product"),
    Section.BRIDGING: gettext_noop("Bridging, response before infusion"),
    Section.RESPONSE: gettext_noop("Response after infusion"),
    Section.TOXICITY: gettext_noop("Toxicity"),
    Section.RELAPSE: gettext_noop("Relapse"),
}


class FactRow(Struct, frozen=True):
    """A row: its name, short enough for a table, and the factors that are read off it."""

    name: str
    factors: tuple[str, ...]


class KnownFact(Struct, frozen=True):
    """One fact of a case, under the key of its address, with its rows."""

    key: str
    section: Section
    name: str
    rows: tuple[FactRow, ...]


def _fact(key: str, section: Section, name: str, *rows: tuple[str, str]) -> KnownFact:
    """A fact with its rows, each a name and the factors that are read off it."""
    return KnownFact(key, section, name, tuple(FactRow(row, tuple(f.split())) for row, f in rows))


FACTS: Final = (
    _fact(
        "age",
        Section.PATIENT,
        gettext_noop("Age"),
        (gettext_noop("Age 65 years or more"), "age_ge_65"),
        (gettext_noop("Age above 60 years"), "age_gt_60"),
        (gettext_noop("Age"), "relapse_older_age"),
    ),
    _fact(
        "performance-status",
        Section.PATIENT,
        gettext_noop("ECOG performance status"),
        (gettext_noop("ECOG 2 or more"), "ecog_ge_2"),
    ),
    _fact(
        "comorbidity",
        Section.PATIENT,
        gettext_noop("Comorbidity"),
        (gettext_noop("CIRS"), "cirs_high"),
        (gettext_noop("Severe4"), "severe4"),
    ),
    _fact(
        "lines-of-therapy",
        Section.PATIENT,
        gettext_noop("Lines of therapy"),
        (gettext_noop("More than two lines"), "relapse_gt_2_lines"),
    ),
    _fact(
        "lactate-dehydrogenase",
        Section.BURDEN,
        gettext_noop("Lactate dehydrogenase (LDH)"),
        (
            gettext_noop("LDH above normal"),
            "ldh_high_election ldh_high_apheresis ldh_high_lymphodepletion ldh_high_infusion "
            "relapse_ldh_high_infusion",
        ),
    ),
    _fact(
        "metabolic-tumour-volume",
        Section.BURDEN,
        gettext_noop("Metabolic tumour volume"),
        (gettext_noop("Tumour volume above 80 mL"), "mtv_high_lymphodepletion"),
        (gettext_noop("Tumour volume from 25 mL"), "mtv_high_baseline"),
        (gettext_noop("Tumour volume 147.5 mL or less"), "mtv_low_baseline"),
    ),
    _fact(
        "extranodal-sites",
        Section.BURDEN,
        gettext_noop("Extranodal sites"),
        (gettext_noop("Two or more extranodal sites"), "extranodal_ge_2"),
        (gettext_noop("Extranodal sites with volume"), "extranodal_and_mtv"),
    ),
    _fact(
        "bulky-disease",
        Section.BURDEN,
        gettext_noop("Bulky disease"),
        (gettext_noop("Bulky disease"), "relapse_bulky_apheresis"),
    ),
    _fact(
        "international-prognostic-index",
        Section.BURDEN,
        gettext_noop("International Prognostic Index"),
        (gettext_noop("Age-adjusted IPI 2 or more"), "aaipi_ge_2"),
        (gettext_noop("IPI"), "ipi"),
    ),
    _fact(
        "tp53",
        Section.BIOLOGY,
        gettext_noop("TP53"),
        (gettext_noop("TP53 altered"), "tp53_altered"),
        (gettext_noop("TP53 by costimulation"), "tp53_by_costimulation"),
    ),
    _fact(
        "histology",
        Section.BIOLOGY,
        gettext_noop("Histology"),
        (gettext_noop("T-cell/histiocyte-rich"), "histology_thrlbcl"),
        (gettext_noop("High-grade histology"), "histology_high_grade"),
    ),
    _fact(
        "rearrangements",
        Section.BIOLOGY,
        gettext_noop("Rearrangements and double expression"),
        (
            gettext_noop("Neither double hit nor expressor"),
            "relapse_no_double_hit_or_expressor",
        ),
        (gettext_noop("Double hit"), "double_hit"),
    ),
    _fact(
        "cell-of-origin",
        Section.BIOLOGY,
        gettext_noop("Cell of origin"),
        (gettext_noop("ABC phenotype"), "abc_phenotype"),
    ),
    _fact(
        "genome",
        Section.BIOLOGY,
        gettext_noop("Genome of the tumour"),
        (gettext_noop("Focal copy-number alterations"), "focal_cna_high"),
        (gettext_noop("Complex structural variants"), "complex_structural_variants"),
        (gettext_noop("APOBEC signature"), "apobec_signature"),
        (gettext_noop("Oxidative DNA damage"), "ros_damage"),
    ),
    _fact(
        "microbiota",
        Section.BIOLOGY,
        gettext_noop("Intestinal microbiota"),
        (gettext_noop("Low microbiota diversity"), "microbiota_low_diversity"),
    ),
    _fact(
        "c-reactive-protein",
        Section.INFLAMMATION,
        gettext_noop("C-reactive protein (CRP)"),
        (gettext_noop("CRP, in groups"), "crp_group_infusion"),
        (gettext_noop("CRP"), "crp_infusion relapse_crp_infusion"),
    ),
    _fact(
        "ferritin",
        Section.INFLAMMATION,
        gettext_noop("Ferritin"),
        (gettext_noop("Ferritin"), "ferritin_peak relapse_ferritin_infusion"),
    ),
    _fact(
        "inflammatory-markers",
        Section.INFLAMMATION,
        gettext_noop("Inflammatory markers together"),
        (gettext_noop("LDH, ferritin and IL-6"), "inflammation_zuma1"),
    ),
    _fact(
        "product",
        Section.PRODUCT,
        gettext_noop("CAR T-cell product"),
        (gettext_noop("Product"), "car_t_product"),
    ),
    _fact(
        "cells-of-the-product",
        Section.PRODUCT,
        gettext_noop("CD8 cells of the product"),
        (gettext_noop("CD8, naive"), "product_cd8_naive"),
        (gettext_noop("CD8, central memory"), "product_cd8_central_memory"),
        (gettext_noop("CD8, memory signature"), "product_cd8_memory_signature"),
        (gettext_noop("CD8, exhausted"), "product_cd8_exhausted"),
    ),
    _fact(
        "bridging",
        Section.BRIDGING,
        gettext_noop("Bridging therapy"),
        (gettext_noop("Bridging and its response"), "bridging_given"),
        (gettext_noop("Bridging without response"), "bridging_refractory"),
        (gettext_noop("Bridging with response"), "bridging_effective"),
        (gettext_noop("Bridging chemotherapy"), "relapse_bridging"),
    ),
    _fact(
        "response-before-infusion",
        Section.BRIDGING,
        gettext_noop("Response before infusion"),
        (gettext_noop("Resistant to chemotherapy"), "chemo_resistant"),
        (gettext_noop("Progressive disease"), "progressive_disease"),
    ),
    _fact(
        "response",
        Section.RESPONSE,
        gettext_noop("Response"),
        (gettext_noop("Response at day +90"), "response_day_90"),
        (gettext_noop("Complete response"), "complete_response"),
        (gettext_noop("Response before relapse"), "relapse_responded"),
    ),
    _fact(
        "positron-emission-tomography",
        Section.RESPONSE,
        gettext_noop("PET at day +28"),
        (gettext_noop("Deauville score"), "deauville_day_28"),
        (gettext_noop("Deauville and SUV change"), "deauville_suv_change_day_28"),
        (gettext_noop("SUVmax 10 or more"), "suvmax_ge_10_day_28"),
    ),
    _fact(
        "circulating-tumour-dna",
        Section.RESPONSE,
        gettext_noop("Circulating tumour DNA (ctDNA)"),
        (gettext_noop("ctDNA"), "ctdna_week_1 ctdna_day_28 ctdna_day_90"),
        (gettext_noop("ctDNA in PR or SD"), "ctdna_day_28_in_pr_sd"),
    ),
    _fact(
        "car-t-cells-in-blood",
        Section.RESPONSE,
        gettext_noop("CAR T-cells in blood"),
        (gettext_noop("Expansion, persistence"), "expansion persistence"),
    ),
    _fact(
        "cytokine-release-syndrome",
        Section.TOXICITY,
        gettext_noop("Cytokine release syndrome (CRS)"),
        (gettext_noop("CRS grade 3 or 4"), "relapse_crs_grade_3_4"),
    ),
    _fact(
        "early-progression",
        Section.RELAPSE,
        gettext_noop("Early or refractory progression"),
        (gettext_noop("Within 30 days"), "relapse_within_30_days"),
        (gettext_noop("SD or PD at day +30"), "relapse_sd_pd_day_30"),
        (gettext_noop("Refractory"), "relapse_refractory"),
    ),
    _fact(
        "salvage",
        Section.RELAPSE,
        gettext_noop("Salvage treatments"),
        (gettext_noop("Salvage: pola-BR"), "relapse_salvage_pola_br"),
        (gettext_noop("Salvage: lenalidomide"), "relapse_salvage_lenalidomide"),
    ),
)
"""Every factor of the catalogue stands in exactly one row."""

BY_KEY: Final[Mapping[str, KnownFact]] = {fact.key: fact for fact in FACTS}
OF_FACTOR: Final[Mapping[str, KnownFact]] = {
    factor: fact for fact in FACTS for row in fact.rows for factor in row.factors
}


@lru_cache(maxsize=4096)
def fact_url(public_id: UUID, key: str, query: str) -> str:
    """The page of one fact of a case, at the moment that a query names."""
    address = reverse("patients:fact", args=[public_id, key])
    return f"{address}?{query}" if query else address
