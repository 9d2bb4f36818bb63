"""The two forms of the enrolment that a captcha protects: the search of a SIRET, « Terminer » (ENR-029, ENR-055)."""

from django import forms

from segurnum.enrolements.services import DejaUnCompte
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.identifiants import est_siret
from segurnum.web.commun.captcha import FormulaireProtege
from segurnum.web.commun.champs import ChampCourriel, texte

ARTICLE_441_7 = (
    "Je suis informé(e) des dispositions de l'article 441-7 du code pénal qui prévoit [...] qu'« est puni d'un an "
    "d'emprisonnement et de 15000 euros d'amende le fait : 1° D'établir une attestation ou un certificat faisant état "
    "de faits matériellement inexacts ; 2° De falsifier une attestation ou un certificat originellement sincère ; 3° "
    "De faire usage d'une attestation ou d'un certificat inexact ou falsifié. Les peines sont portées à trois ans "
    "d'emprisonnement et à 45 000 euros d'amende lorsque l'infraction est commise en vue de porter préjudice au Trésor "
    "public ou au patrimoine d'autrui »."
)


def _case(libelle: str) -> forms.BooleanField:
    return forms.BooleanField(
        label=libelle, error_messages={"required": "Cochez cette case pour terminer votre demande."}
    )


class FormulaireSiret(FormulaireProtege):
    """« Rechercher » a company (ENR-029, ENR-030)."""

    use_required_attribute = False
    siret = texte("Numéro SIRET", maximum=40, help_text="14 chiffres ; les espaces sont acceptés.")

    def clean_siret(self) -> str:
        siret = "".join(str(self.cleaned_data["siret"]).split())
        if not est_siret(siret):
            raise forms.ValidationError(
                f"« {siret} » n'est pas un SIRET : 14 chiffres, dont la clé de contrôle, sont attendus."
            )
        return siret

    deja_un_compte = False

    def refuser(self, refus: GesteImpossible) -> None:
        """A company that signs in already makes its request from its account; the page adds the way there."""
        self.deja_un_compte = isinstance(refus, DejaUnCompte)
        self.add_error("siret", str(refus))


class FormulaireConfirmation(FormulaireProtege):
    """« Terminer »: the captcha and the three boxes, word for word (ENR-055 to ENR-058)."""

    use_required_attribute = False
    cgu = _case("J'ai lu et j'accepte les CGU")
    article = _case(ARTICLE_441_7)
    sincerite = _case(
        "L'ensemble des éléments saisis dans ce formulaire de demande sont sincères et véritables"
    )


class FormulaireLien(FormulaireProtege):
    """« Recevoir un lien pour reprendre plus tard »."""

    use_required_attribute = False
    courriel = ChampCourriel(
        label="Votre adresse électronique",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": "Renseignez votre adresse électronique."},
    )


class FormulairePreuve(FormulaireProtege):
    """The captcha alone, beside the fields of a step."""
