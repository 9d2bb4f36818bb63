"""What officers type when they instruct an enrolment: it is mailed as it is to the applicant."""

from django import forms

from segurnum.web.gestion.formulaires import Motif

_ENVOYE = "Envoyé tel quel au demandeur par courriel"


def _motif(libelle: str, aide: str, obligatoire: str) -> forms.CharField:
    return forms.CharField(
        label=libelle,
        help_text=f"{_ENVOYE}\u00a0: {aide}",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2_000,
        error_messages={"required": obligatoire},
    )


class PiecesDemandees(Motif):
    motif = _motif(
        "Pièces attendues",
        "nommez chaque document et dites ce qu'il doit montrer.",
        "Dites quelles pièces sont attendues : le demandeur ne lira que ce texte.",
    )


class CertificatsRefuses(Motif):
    motif = _motif(
        "Ce qui ne va pas dans le(s) certificat(s)",
        "dites aussi quel document est attendu à la place.",
        "Dites ce qui ne va pas : le demandeur doit savoir quel certificat déposer à la place.",
    )


class EnrolementRejete(Motif):
    motif = _motif(
        "Motif du rejet",
        "il devra déposer une nouvelle demande qui en tienne compte.",
        "Le motif du rejet est obligatoire : le demandeur doit savoir pourquoi.",
    )
