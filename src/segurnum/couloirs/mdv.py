"""Médecine de ville: general practice software (LGC), financed per doctor."""

from decimal import Decimal

from segurnum.couloirs.baremes import ParBeneficiaire
from segurnum.couloirs.champs import (
    COURRIEL,
    FINESS,
    RPPS,
    TELEPHONE,
    Champ,
    Choix,
    Objet,
    Tableau,
    Texte,
)
from segurnum.couloirs.commun import OPERATEUR, OPERATEUR_SOLDE, forme_demande, mandataire, oui_non
from segurnum.couloirs.declaration import (
    Couloir,
    IdentifiantBeneficiaire,
    ListeBeneficiaires,
    Variante,
)
from segurnum.couloirs.presentation import Question
from segurnum.regles.cycles import TypeDemande

_LIBERAL = Tableau(
    Objet(
        (
            Champ("nomMedecin", Texte(), "Nom du médecin"),
            Champ("emailMedecin", COURRIEL, "Email du médecin", exemple="durand@cabinet.example"),
            Champ("telephoneMedecin", TELEPHONE, "Téléphone du médecin"),
            Champ("RPPS", RPPS, "Numéro RPPS"),
        )
    )
)
_STRUCTURE = Objet(
    (
        Champ("nomResponsable", Texte(), "Nom du responsable", nullable=True),
        Champ("emailResponsable", COURRIEL, "Email du responsable", nullable=True),
        Champ("telephoneResponsable", TELEPHONE, "Téléphone du responsable", nullable=True),
        Champ("FINESSJuridique", FINESS, "FINESS juridique", nullable=True),
        Champ("FINESSGeo", Tableau(FINESS), "FINESS géographiques"),
    )
)
_STRUCTURE_VIDE: dict[str, object] = {
    "nomResponsable": None,
    "emailResponsable": None,
    "telephoneResponsable": None,
    "FINESSJuridique": None,
    "FINESSGeo": [],
}

_BENEFICIAIRES = Objet(
    (
        Champ("commandePour", Choix(("LIBERAL", "STRUCTURE")), "Commande pour"),
        *mandataire("isMandataire"),
        oui_non("isClientUnique", "Commande portée par un client unique", True),
        Champ(
            "liberal",
            Tableau(_LIBERAL.element),
            "Médecins libéraux",
            nullable=True,
            description="Rempli si commandePour vaut LIBERAL.",
        ),
        Champ(
            "structure",
            _STRUCTURE,
            "Structure",
            nullable=True,
            exemple=_STRUCTURE_VIDE,
            description="Rempli si commandePour vaut STRUCTURE.",
        ),
    )
)

_QUESTIONS = (
    ("isCentreDeSante", "La commande concerne-t-elle un centre de santé ?"),
    ("operateurMessagerie", "Opérateur messagerie"),
    (
        "isProSanteConnectNeeded",
        "Le logiciel doit-il mettre en œuvre une identification électronique par ProSanté Connect ?",
    ),
    ("isDirectToDMP", "L'envoi des documents de santé vers le DMP est-il fait directement par le logiciel ?"),
    ("isPFIToDMP", "L'envoi des documents de santé vers le DMP passe-t-il par une PFI ?"),
    ("isDirectToMSSPro", "L'envoi vers la MSS Pro est-il fait directement par le logiciel ?"),
    ("isPFIToMSSPro", "L'envoi vers la MSS Pro passe-t-il par une PFI ?"),
    ("isDirectToMSSCitoyen", "L'envoi vers la MSS citoyen est-il fait directement par le logiciel ?"),
    ("isPFIToMSSCitoyen", "L'envoi vers la MSS citoyen passe-t-il par une PFI ?"),
)


def _forme(type_demande: TypeDemande) -> Objet:
    operateur = OPERATEUR if type_demande is TypeDemande.AVANCE else OPERATEUR_SOLDE
    champs = tuple(
        operateur if cle == operateur.nom else oui_non(cle, libelle, cle.startswith("isDirect"))
        for cle, libelle in _QUESTIONS
    )
    return forme_demande(
        type_demande,
        couloir="MDV",
        beneficiaires=_BENEFICIAIRES,
        scenario=Objet(champs),
        exemple_scenario={"operateurMessagerie": "API_35"},
    )


COULOIRS = (
    Couloir(
        couloir="MDV",
        logiciel="LGC",
        vague=1,
        libelle="Médecine de ville (LGC)",
        rubrique="Médecine de ville",
        identifiant_beneficiaire=IdentifiantBeneficiaire("Numéro RPPS ou FINESS", "RPPS"),
        avance=_forme(TypeDemande.AVANCE),
        solde=_forme(TypeDemande.SOLDE),
        listes=(
            ListeBeneficiaires(
                ("beneficiaires", "liberal", "*"),
                (("RPPS", "RPPS"),),
                "nomMedecin",
                "emailMedecin",
                "telephoneMedecin",
                quand=("commandePour", "LIBERAL"),
            ),
            ListeBeneficiaires(
                ("beneficiaires", "structure"),
                (("FINESSGeo", "FINESS"), ("FINESSJuridique", "FINESS")),
                "nomResponsable",
                "emailResponsable",
                "telephoneResponsable",
                quand=("commandePour", "STRUCTURE"),
            ),
        ),
        cle_mandataire="isMandataire",
        cle_client_unique="isClientUnique",
        coches=(
            Question("beneficiaires.isMandataire", "La commande est portée par un mandataire"),
            Question("beneficiaires.isClientUnique", "La commande est portée par un client unique"),
        ),
        variantes=(
            Variante("LIBERAL", "liberal"),
            Variante(
                "STRUCTURE",
                "structure",
                ("nomResponsable", "emailResponsable", "telephoneResponsable", "FINESSJuridique"),
            ),
        ),
        questions=tuple(Question(f"scenarioInstallation.{cle}", libelle) for cle, libelle in _QUESTIONS),
        paires_exclusives=(
            ("isDirectToDMP", "isPFIToDMP"),
            ("isDirectToMSSPro", "isPFIToMSSPro"),
            ("isDirectToMSSCitoyen", "isPFIToMSSCitoyen"),
        ),
        bareme=ParBeneficiaire(exemple={"par_beneficiaire": Decimal("358.33")}),
    ),
)
