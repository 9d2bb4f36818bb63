"""Médecine de ville: general practice software (LGC), financed per doctor."""

from decimal import Decimal

from segurnum.couloirs.baremes import ParBeneficiaire
from segurnum.couloirs.champs import FINESS, RPPS, Champ, Choix, Objet, Tableau
from segurnum.couloirs.commun import (
    OPERATEUR,
    au_choix,
    client_unique,
    contact,
    mandataire,
    oui_non,
    version,
)
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Fichier
from segurnum.couloirs.roles import Role

_MEDECIN = Objet(
    (
        *contact(
            "nomMedecin",
            "emailMedecin",
            "telephoneMedecin",
            qui="du médecin",
            courriel="durand@cabinet.example",
        ),
        Champ("RPPS", RPPS, "Numéro RPPS", role=Role.IDENTIFIANT),
    )
)
_STRUCTURE = Objet(
    (
        *contact(
            "nomResponsable", "emailResponsable", "telephoneResponsable", qui="du responsable", nullable=True
        ),
        Champ("FINESSJuridique", FINESS, "FINESS juridique", nullable=True, role=Role.A_DEFAUT),
        Champ("FINESSGeo", Tableau(FINESS), "FINESS géographiques", role=Role.IDENTIFIANT),
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
        client_unique("La commande est portée par un client unique"),
        Champ(
            "liberal",
            Tableau(_MEDECIN),
            "Médecins libéraux",
            nullable=True,
            si=("commandePour", "LIBERAL"),
            description="Rempli si commandePour vaut LIBERAL.",
        ),
        Champ(
            "structure",
            _STRUCTURE,
            "Structure",
            nullable=True,
            exemple=_STRUCTURE_VIDE,
            si=("commandePour", "STRUCTURE"),
            description="Rempli si commandePour vaut STRUCTURE.",
        ),
    )
)
_SCENARIO = Objet(
    (
        oui_non("isCentreDeSante", "La commande concerne-t-elle un centre de santé ?"),
        OPERATEUR,
        oui_non(
            "isProSanteConnectNeeded",
            "Le logiciel doit-il mettre en œuvre une identification électronique par ProSanté Connect ?",
        ),
        *au_choix(
            "isDirectToDMP",
            "isPFIToDMP",
            "L'envoi des documents de santé vers le DMP est-il fait directement par le logiciel ?",
            "L'envoi des documents de santé vers le DMP passe-t-il par une PFI ?",
        ),
        *au_choix(
            "isDirectToMSSPro",
            "isPFIToMSSPro",
            "L'envoi vers la MSS Pro est-il fait directement par le logiciel ?",
            "L'envoi vers la MSS Pro passe-t-il par une PFI ?",
        ),
        *au_choix(
            "isDirectToMSSCitoyen",
            "isPFIToMSSCitoyen",
            "L'envoi vers la MSS citoyen est-il fait directement par le logiciel ?",
            "L'envoi vers la MSS citoyen passe-t-il par une PFI ?",
        ),
    )
)

_LGC = Couloir(
    couloir="MDV",
    logiciel="LGC",
    vague=1,
    libelle="Médecine de ville (LGC)",
    depot=Fichier(
        (
            version(
                beneficiaires=_BENEFICIAIRES,
                scenario=_SCENARIO,
                exemple_scenario={"operateurMessagerie": "API_35"},
            ),
        )
    ),
    bareme=ParBeneficiaire(exemple={"par_beneficiaire": Decimal("358.33")}),
)

COULOIRS = (_LGC, _LGC.vague_suivante())
