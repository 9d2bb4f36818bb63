"""What the tables refuse, in the words of whoever typed it: each constraint, the field that it is about, the sentence.

The services say most of it before they write; this is for two people who write at the same instant.
"""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from segurnum.regles.erreurs import GesteImpossible

journal = logging.getLogger(__name__)

# Constraint: the argument at fault, None for the whole, and what to say.
CONTRAINTES: Mapping[str, tuple[str | None, str]] = {
    "comptes_cleacces_identifiant_key": (None, "Cette clé d'accès est déjà enregistrée."),
    "editorial_rubriquefaq_titre_key": ("titre", "Une autre rubrique porte déjà ce titre."),
    "modele_en_import_nomme_une_fois": (
        "fichier",
        "Un fichier de ce nom est déjà en cours d'import : supprimez-le, ou renommez le nouveau.",
    ),
    "enveloppe_valable_un_jour": ("valable_au", "Le dernier jour de validité précède le premier."),
    "mouvement_approuve_par_une_autre_personne": (
        None,
        "Qui a proposé un mouvement de crédits ne l'approuve pas : une autre personne doit le faire.",
    ),
    "paiements_enveloppe_libelle_key": ("libelle", "Une autre enveloppe porte déjà ce nom."),
    "piece_nommee_une_fois": (
        "fichier",
        "Une pièce de ce nom est déjà importée : renommez le fichier avant de l'importer.",
    ),
    "referentiel_referencement_numero_ans_key": (
        "numero_ans",
        "Ce numéro ANS est déjà au référentiel : modifiez-le plutôt que de le créer.",
    ),
    "un_bareme_par_date": (
        "date_effet",
        "Ce couloir a déjà un barème à cette date : un barème ne se réécrit pas, donnez une autre date d'effet.",
    ),
    "un_compte_par_courriel": ("courriel", "Un compte a déjà cette adresse électronique."),
    "un_enrolement_vivant_par_numero_ans": (None, "Une demande d'enrôlement existe déjà pour ce numéro ANS."),
    "on_ne_recouvre_que_ce_qui_est_du": (
        "montant",
        "Ce montant dépasse ce qui reste à recouvrer : relisez le titre avant de recommencer.",
    ),
    "un_recouvrement_vivant_par_demande": (
        None,
        "Un recouvrement court déjà sur cette demande : qu'il soit d'abord soldé, écarté ou annulé.",
    ),
    "un_remboursement_par_reference": (
        "reference",
        "Un remboursement porte déjà cette référence : un virement ne s'enregistre qu'une fois.",
    ),
    "un_regime_de_tva_par_date": (
        "date_effet",
        "Un changement de régime prend déjà effet ce jour-là : donnez une autre date.",
    ),
    "une_cle_acces_par_nom": ("nom", "Une de vos clés s'appelle déjà ainsi : choisissez un autre nom."),
    "une_demande_vivante_par_type": (
        None,
        "Une demande de ce type existe déjà pour ce dossier : ouvrez-la dans la liste de vos demandes.",
    ),
    "projet_approuve_par_une_autre_personne": (
        None,
        "Qui a écrit un projet ne l'approuve pas : une autre personne doit le faire.",
    ),
    "un_plafond_par_date": (
        None,
        "Un de ces bénéficiaires vient de recevoir un plafond à la même date : relisez le projet.",
    ),
    "une_invitation_en_attente_par_adresse": (
        "courriel",
        "Cette adresse est déjà invitée : renvoyez son invitation, ou retirez-la, depuis la liste.",
    ),
    "une_modification_bancaire_ouverte": (
        None,
        "Une coordonnée bancaire est déjà en attente : annulez-la ou attendez la réponse avant d'en ajouter une autre.",
    ),
    "une_modification_de_personnes_ouverte": (
        None,
        "Une demande de modification est déjà en cours d'instruction : attendez sa réponse avant d'en faire une autre.",
    ),
}
IMPREVUE = (
    None,
    "Ce que vous envoyez contredit ce que le portail garde déjà : quelqu'un d'autre l'a sans doute changé au même "
    "moment. Rien n'a été enregistré ; rouvrez la page, puis recommencez.",
)


def refus_de(erreur: IntegrityError) -> GesteImpossible:
    """What to answer; a constraint that has no sentence of its own is told to whoever runs the portal."""
    diagnostic = getattr(erreur.__cause__, "diag", None)
    nom = getattr(diagnostic, "constraint_name", None) or ""
    if nom not in CONTRAINTES:
        journal.error("Contrainte sans phrase : %s", nom or type(erreur.__cause__ or erreur).__name__)
    champ, phrase = CONTRAINTES.get(nom, IMPREVUE)
    return GesteImpossible(phrase, champ=champ)


@contextmanager
def contraintes_dites() -> Iterator[None]:
    """Write under a savepoint: raises GesteImpossible, with its field, where a constraint refuses."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as erreur:
        raise refus_de(erreur) from erreur
