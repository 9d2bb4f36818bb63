"""Médico-social, first call: the user's computerised record (DUI), one scenario row per site."""

from datetime import datetime

from segurnum.couloirs.champs import (
    COURRIEL,
    FINESS,
    TELEPHONE,
    Booleen,
    Champ,
    Choix,
    Objet,
    Tableau,
    Texte,
)
from segurnum.couloirs.commun import OPERATEUR, OPERATEUR_SOLDE, forme_demande, mandataire, oui_non
from segurnum.couloirs.declaration import (
    BLOCS_JSON,
    Couloir,
    IdentifiantBeneficiaire,
    ListeBeneficiaires,
)
from segurnum.couloirs.presentation import Question
from segurnum.regles.calendrier import PARIS
from segurnum.regles.cycles import TypeDemande

_SITES = ["990000036", "990000044"]

_ETABLISSEMENT = Objet(
    (
        Champ("FINESSJuridique", FINESS, "FINESS juridique"),
        Champ("nomResponsableOG", Texte(), "Nom du responsable de l'organisme gestionnaire"),
        Champ("emailResponsableOG", COURRIEL, "Email du responsable", exemple="durand@association.example"),
        Champ("telephoneResponsableOG", TELEPHONE, "Téléphone du responsable"),
        Champ("FINESSGeo", Tableau(FINESS, minimum=1), "FINESS géographiques", exemple=_SITES),
    )
)
_BENEFICIAIRES = Tableau(
    Objet(
        (
            *mandataire("mandataire"),
            Champ("etablissementsClients", Tableau(_ETABLISSEMENT, minimum=1), "Établissements clients"),
        )
    ),
    minimum=1,
)

_DEPLOIEMENT = Champ(
    "deploiementMSS",
    Choix(("Cas 1", "Cas 2")),
    "Déploiement MSS",
    obligatoire=False,
    requis_depuis=datetime(2024, 9, 12, 14, 0, tzinfo=PARIS),
    description="Obligatoire pour un solde déposé depuis le 12 septembre 2024 à 14 h 00.",
)


def _ligne_scenario(operateur: Champ) -> Objet:
    return Objet(
        (
            Champ(
                "FINESSGeo", FINESS, "FINESS géographique", description="Une ligne par site de la demande."
            ),
            Champ("ancienneVersion", Texte(50, exemple="V1.0"), "Ancienne version", nullable=True),
            oui_non("isMaitreId", "Maître identité", True),
            oui_non("isStockageId", "Stockage identité"),
            operateur,
            Champ("profilMetier", Choix(("PA", "PH", "DOM")), "Profil métier"),
            Champ("isRefSoins", Booleen(), "Référent soin", nullable=True),
        )
    )


def _forme(type_demande: TypeDemande) -> Objet:
    avance = type_demande is TypeDemande.AVANCE
    return forme_demande(
        type_demande,
        couloir="MS1",
        beneficiaires=_BENEFICIAIRES,
        scenario=Tableau(_ligne_scenario(OPERATEUR if avance else OPERATEUR_SOLDE), minimum=1),
        exemple_scenario=[{"FINESSGeo": site} for site in _SITES],
        administrateurs=True,
        version_requise=True,
        en_plus=() if avance else (_DEPLOIEMENT,),
    )


COULOIRS = (
    Couloir(
        couloir="MS1",
        logiciel="DUI",
        vague=1,
        libelle="Médico-social (DUI)",
        rubrique="Médico-social",
        identifiant_beneficiaire=IdentifiantBeneficiaire("FINESS géographique", "FINESSGeo"),
        avance=_forme(TypeDemande.AVANCE),
        solde=_forme(TypeDemande.SOLDE),
        listes=(
            ListeBeneficiaires(
                ("beneficiaires", "*", "etablissementsClients", "*"),
                (("FINESSGeo", "FINESS"),),
                "nomResponsableOG",
                "emailResponsableOG",
                "telephoneResponsableOG",
            ),
        ),
        cle_mandataire="mandataire",
        coches=(Question("beneficiaires.mandataire", "La commande est portée par un mandataire"),),
        questions=(Question("deploiementMSS", "Déploiement MSS"),),
        colonnes_scenario=(
            Question("FINESSGeo", "FINESS géographique"),
            Question("ancienneVersion", "Ancienne version"),
            Question("isMaitreId", "Maître identité"),
            Question("isRefSoins", "Référent soin"),
            Question("isStockageId", "Stockage identité"),
            Question("operateurMessagerie", "Opérateur messagerie"),
            Question("profilMetier", "Profil métier", verifiee=True),
        ),
        site_scenario="FINESSGeo",
        profil_scenario="profilMetier",
        codes_blocs=(*BLOCS_JSON[:3], "administrateurs", *BLOCS_JSON[3:]),
    ),
)
