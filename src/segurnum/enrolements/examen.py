"""What an officer examines: the enrolment as it was read, and what a validation would do (GST-004, GST-008)."""

from dataclasses import dataclass

from segurnum.comptes.models import CoordonneesBancaires, Utilisateur
from segurnum.comptes.queries import membres, par_courriel
from segurnum.enrolements import cycle, permissions
from segurnum.enrolements.declaration import Declaration
from segurnum.enrolements.models import Enrolement
from segurnum.journal.chronologie import ENROLEMENTS, chronologie, dernier_geste
from segurnum.journal.queries import evenements_de
from segurnum.regles.calendrier import date_fr, instant_exact
from segurnum.regles.cycles_enrolement import GesteEnrolement, StatutEnrolement
from segurnum.regles.erreurs import GesteImpossible


def marque(enrolement: Enrolement) -> str:
    """What a page showed of an enrolment, to tell later whether it still is so."""
    return f"{enrolement.pk}.{enrolement.statut_depuis:%Y%m%d%H%M%S%f}"


def reprendre(cle: int, vue: str) -> Enrolement:
    """The enrolment, held for the gesture of who read it as `vue`: nobody acts on what he has not seen.

    Raises GesteImpossible, saying who was faster, when it has changed since.
    """
    actuel = cycle.verrouiller(cle)
    if vue != marque(actuel):
        dernier = dernier_geste(chronologie(evenements_de(actuel.chaine), actuel.numero, ENROLEMENTS))
        raise GesteImpossible(
            f"Cet enrôlement a changé depuis que vous l'avez ouvert{dernier}. Son statut est "
            f"maintenant « {actuel.statut.libelle} ». Rien n'a été fait : relisez-le avant de recommencer."
        )
    return actuel


@dataclass(frozen=True)
class Connu:
    """What the company already has on the portal, apart from this enrolment."""

    enrolements: tuple[Enrolement, ...]
    comptes: tuple[str, ...]
    banque: CoordonneesBancaires | None


def connu(enrolement: Enrolement) -> Connu:
    entreprise = enrolement.entreprise
    autres = entreprise.enrolements.exclude(pk=enrolement.pk).select_related("referencement")
    return Connu(
        enrolements=tuple(autres.order_by("depose_le")),
        comptes=tuple(m.personne.username for m in membres(entreprise) if m.personne.is_active),
        banque=entreprise.compte_actif,
    )


@dataclass(frozen=True)
class Ouverture:
    """`titre`: whole or partial. `effets`: what opens, and to whom."""

    titre: str
    effets: tuple[str, ...]


def ouverture(
    utilisateur: Utilisateur, enrolement: Enrolement, declaration: Declaration | None
) -> Ouverture | None:
    """The effects of accepting this enrolment; None where this person cannot."""
    permis = permissions.gestes(utilisateur, enrolement)
    partielle = GesteEnrolement.ACCEPTER_PARTIELLEMENT in permis
    if not partielle and GesteEnrolement.ACCEPTER not in permis:
        return None
    return Ouverture(
        titre="Validation partielle" if partielle else "Validation complète",
        effets=(
            _depot(enrolement, partielle=partielle),
            _acces(enrolement, declaration),
            f"Un courriel l'annonce à {enrolement.courriel}.",
        ),
    )


def _depot(enrolement: Enrolement, *, partielle: bool) -> str:
    reference = enrolement.referencement
    if not partielle and reference.couloir is None:
        return (
            f"Le dépôt des demandes de financement n'est pas encore ouvert sur le portail pour {reference.dsr} : le "
            "courriel le dit au demandeur."
        )
    if not partielle:
        return (
            f"Le dépôt des demandes de financement s'ouvre pour {reference.logiciel} "
            f"(numéro ANS {reference.numero_ans})."
        )
    attendus = "le certificat de référencement"
    if reference.est_dpi:
        attendus += " et le document relatif à l'hébergement des données de santé"
    return f"Le dépôt des demandes de financement reste fermé : l'enrôlement attendra {attendus}."


def _acces(enrolement: Enrolement, declaration: Declaration | None) -> str:
    """Only the first acceptance of an initial enrolment opens an access."""
    titulaire = declaration.titulaire_du_compte if declaration else None
    premiere = enrolement.type == enrolement.Type.INITIAL and enrolement.statut is StatutEnrolement.EN_COURS
    if not premiere or titulaire is None:
        return "Les accès au portail ne changent pas."
    connu = par_courriel(titulaire.courriel)
    if connu is None:
        return f"Un compte est créé pour {titulaire.prenom} {titulaire.nom} ({titulaire.courriel})."
    return f"Le compte {connu.get_username()} existe déjà à l'adresse {titulaire.courriel} : son accès est étendu."


def recapitulatif(enrolement: Enrolement) -> tuple[tuple[str, str], ...]:
    """What an officer knows it by."""
    entreprise, reference = enrolement.entreprise, enrolement.referencement
    attendus = [piece.libelle for piece in cycle.attendues(enrolement)]
    return (
        ("SIRET", entreprise.siret),
        ("Dénomination sociale", entreprise.denomination),
        ("Adresse", entreprise.adresse_complete),
        ("N° unique de référencement (ANS)", reference.numero_ans),
        ("Référencement validé par l'ANS", "Oui" if reference.valide else "Non"),
        ("Type d'enrôlement", enrolement.libelle_type),
        ("Reçue le", instant_exact(enrolement.depose_le)),
        ("Date de changement de statut", date_fr(enrolement.statut_depuis)),
        ("Courriels envoyés à", enrolement.courriel),
        *((("Version des CGU acceptée", enrolement.cgu),) if enrolement.cgu else ()),
        *((("Documents attendus", ", ".join(attendus)),) if attendus else ()),
    )
