"""Appointment software joined to the care access service (SAS): two forms, a flat amount paid in two times."""

from decimal import Decimal

from segurnum.couloirs.baremes import ForfaitEnDeuxTemps
from segurnum.couloirs.champs import COURRIEL, TELEPHONE, Champ, DateFr, Texte
from segurnum.couloirs.declaration import Couloir
from segurnum.couloirs.depot import Formulaires
from segurnum.couloirs.formulaire import Formulaire, Groupe, ZonePiece

_CONTACT = Groupe(
    "Contact",
    (
        Champ("nomContact", Texte(140, exemple="Camille LORMELIN"), "Nom du contact", obligatoire=False),
        Champ("telephoneContact", TELEPHONE, "Numéro de téléphone du contact"),
        Champ("courrielContact", COURRIEL, "Adresse mail du contact"),
    ),
)

COULOIRS = (
    Couloir(
        couloir="SAS",
        logiciel="AGE",
        vague=1,
        libelle="SAS (agenda)",
        depot=Formulaires(
            avance=Formulaire(
                groupes=(
                    _CONTACT,
                    Groupe(
                        "Mise en service",
                        (
                            Champ(
                                "dateMiseEnService",
                                DateFr(passee=True),
                                "Date de la mise en service complète",
                            ),
                        ),
                    ),
                ),
                zones=(
                    ZonePiece("SAS_PV_MES", "Procès-verbal de mise en service, signé"),
                    ZonePiece("SAS_DECLARATION_HONNEUR", "Déclaration sur l'honneur"),
                ),
            ),
            solde=Formulaire(
                groupes=(
                    _CONTACT,
                    Groupe(
                        "Vérification de service régulier",
                        (
                            Champ(
                                "dateVSR",
                                DateFr(passee=True, apres="dateMiseEnService"),
                                "Date de la vérification de service régulier",
                            ),
                        ),
                    ),
                ),
                zones=(ZonePiece("SAS_PV_VSR", "Procès-verbal de vérification de service régulier, signé"),),
            ),
        ),
        bareme=ForfaitEnDeuxTemps(exemple={"avance": Decimal("30000.00"), "total": Decimal("100000.00")}),
    ),
)
