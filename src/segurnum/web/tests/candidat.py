"""Somebody that the portal does not know, in front of the enrolment form."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from segurnum.controles.tests import fabrique_pieces
from segurnum.essais import usines
from segurnum.referentiel.models import Referencement
from segurnum.web.tests.depot import Reponse

SIRET = "99900001100018"
PDF = fabrique_pieces.pdf()

SOCIETE = {
    "denomination": "Logiciels Valombreuse",
    "nom_commercial": "Valombreuse",
    "numero": "12",
    "type_voie": "Rue",
    "nom_voie": "des Trois-Lunes",
    "code_postal": "87000",
    "commune": "Limoges",
}
REPRESENTANT = {
    "est_representant": "oui",
    "representant_nom": "Delorme",
    "representant_prenom": "Ondine",
    "representant_courriel": "ondine@valombreuse.example",
    "representant_confirmation": "ondine@valombreuse.example",
    "representant_telephone": "0555123456",
}
DEPOSITAIRE = {
    "est_representant": "non",
    "depositaire_nom": "Marsac",
    "depositaire_prenom": "Basile",
    "depositaire_courriel": "basile@valombreuse.example",
    "depositaire_confirmation": "basile@valombreuse.example",
    "depositaire_telephone": "05 55 12 34 57",
}
BANQUE = {
    "iban": "FR14 2004 1010 0505 0001 3M02 606",
    "bic": "PSSTFRPPLIM",
    "titulaire": "Logiciels Valombreuse",
}
CASES = {"cgu": "on", "article": "on", "sincerite": "on"}


def piece(nom: str = "piece.pdf", octets: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(nom, octets)


class Candidat:
    """A browser, its cookies, and the version that its last page carried."""

    def __init__(self, **reference: Any) -> None:
        self.client = Client()
        self.reference: Referencement = usines.referencement(**reference)

    def lire(self, route: str = "enrolement_etape", *args: Any) -> Reponse:
        return self.client.get(reverse(f"public:{route}", args=args))

    def version(self, etape: str) -> str:
        page = self.lire("enrolement_etape", etape)
        return str(page.context["version"]) if page.context else "0"

    def envoyer(self, etape: str, action: str = "suivante", **saisie: Any) -> Reponse:
        donnees = {"version": self.version(etape), "geste": action} | saisie
        for fichier in saisie.values():
            if isinstance(fichier, SimpleUploadedFile):
                fichier.seek(0)  # sent before
        return self.client.post(reverse("public:enrolement_etape", args=[etape]), donnees)

    def suivre(self, reponse: Reponse) -> Reponse:
        assert reponse.status_code == 302, reponse.status_code
        return self.client.get(reponse["Location"])

    def rechercher(self, numero: str | None = None) -> Reponse:
        return self.envoyer("referencement", "rechercher", numero_ans=numero or self.reference.numero_ans)

    def rechercher_siret(self, siret: str = SIRET) -> Reponse:
        return self.envoyer("demandeur", "rechercher", siret=siret)

    def demandeur(self, **saisie: Any) -> Reponse:
        valeurs = SOCIETE | REPRESENTANT | {"piece_identite_representant": piece("cni.pdf")} | saisie
        return self.envoyer("demandeur", **valeurs)

    def jusqu_au_demandeur(self) -> None:
        """Step 1 done, company found."""
        self.rechercher()
        pieces: dict[str, Any] = (
            {"piece_certificat": piece("certificat.pdf")} if self.reference.valide else {}
        )
        assert self.envoyer("referencement", **pieces).status_code == 302
        assert self.rechercher_siret().status_code == 302

    def jusqu_a_la_confirmation(self, **demandeur: Any) -> None:
        self.jusqu_au_demandeur()
        assert self.demandeur(**demandeur).status_code == 302
        assert self.envoyer("coordonnees-bancaires", piece_rib=piece("rib.pdf"), **BANQUE).status_code == 302
        assert self.envoyer("taux-tva", taux_tva="20").status_code == 302

    def terminer(self, **saisie: Any) -> Reponse:
        return self.envoyer("confirmation", "terminer", **CASES | saisie)
