"""Radiologie: radiology information system (RIS); a client is known by its FINESS or its SIRET."""

from segurnum.couloirs.champs import COURRIEL, FINESS, SIRET, TELEPHONE, Champ, Objet, Tableau, Texte
from segurnum.couloirs.commun import forme_demande, mandataire, oui_non
from segurnum.couloirs.declaration import Couloir, IdentifiantBeneficiaire, ListeBeneficiaires
from segurnum.couloirs.presentation import Question
from segurnum.regles.cycles import TypeDemande

_CLIENT = Objet(
    (
        Champ("raisonSociale", Texte(exemple="SCM IMAGERIE DU LAC"), "Raison sociale"),
        Champ("nom", Texte(), "Nom"),
        Champ("email", COURRIEL, "Email", exemple="direction@imagerie.example"),
        Champ("telephone", TELEPHONE, "Téléphone"),
        Champ("FINESS", FINESS, "Numéro FINESS", obligatoire=False, description="À défaut, le SIRET."),
        Champ(
            "SIRET", SIRET, "Numéro SIRET", obligatoire=False, exemple=None, description="À défaut de FINESS."
        ),
    ),
    un_de=(("FINESS", "SIRET"),),
)
_BENEFICIAIRES = Objet(
    (*mandataire("isMandataire"), Champ("clients", Tableau(_CLIENT, minimum=1), "Clients"))
)

_QUESTIONS = (
    (
        "isProSanteConnectNeeded",
        "Le RIS doit-il mettre en œuvre une identification électronique par ProSanté Connect ?",
    ),
    ("isDirectToDMP", "L'envoi des documents de santé vers le DMP est-il fait directement par le RIS ?"),
    ("isPFIToDMP", "L'envoi des documents de santé vers le DMP passe-t-il par une PFI ?"),
    ("isDirectToMSSPro", "L'envoi vers la MSS Pro est-il fait directement par le RIS ?"),
    ("isPFIToMSSPro", "L'envoi vers la MSS Pro passe-t-il par une PFI ?"),
)


def _forme(type_demande: TypeDemande) -> Objet:
    return forme_demande(
        type_demande,
        couloir="RAD",
        beneficiaires=_BENEFICIAIRES,
        scenario=Objet(
            tuple(oui_non(cle, libelle, cle.startswith("isDirect")) for cle, libelle in _QUESTIONS)
        ),
    )


COULOIRS = (
    Couloir(
        couloir="RAD",
        logiciel="RIS",
        vague=1,
        libelle="Radiologie (RIS)",
        rubrique="Radiologie",
        identifiant_beneficiaire=IdentifiantBeneficiaire("Numéro FINESS ou SIRET", "FINESS"),
        avance=_forme(TypeDemande.AVANCE),
        solde=_forme(TypeDemande.SOLDE),
        listes=(
            ListeBeneficiaires(
                ("beneficiaires", "clients", "*"),
                (("FINESS", "FINESS"), ("SIRET", "SIRET")),
                "nom",
                "email",
                "telephone",
                "raisonSociale",
            ),
        ),
        cle_mandataire="isMandataire",
        coches=(Question("beneficiaires.isMandataire", "La commande est portée par un mandataire"),),
        questions=tuple(Question(f"scenarioInstallation.{cle}", libelle) for cle, libelle in _QUESTIONS),
        paires_exclusives=(("isDirectToDMP", "isPFIToDMP"), ("isDirectToMSSPro", "isPFIToMSSPro")),
    ),
)
