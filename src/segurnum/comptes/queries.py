"""Reading accounts."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from segurnum.comptes.demonstration import COMPTES
from segurnum.comptes.models import PROFILS_ENTREPRISE, Entreprise, Habilitation, Profil, Role, Utilisateur


@dataclass(frozen=True)
class Membre:
    """A person and the role that they have in one company, whichever company they are working for now."""

    personne: Utilisateur
    role: Role

    @property
    def attendu(self) -> bool:
        """Invited, and no password chosen yet."""
        return not self.personne.has_usable_password()


def par_courriel(courriel: str) -> Utilisateur | None:
    """The account of an address, whatever its letter case."""
    return Utilisateur.objects.filter(email__iexact=courriel.strip()).exclude(email="").first()


def par_identifiant_ou_courriel(saisi: str) -> Utilisateur | None:
    return Utilisateur.objects.filter(username=saisi.strip()).first() or par_courriel(saisi)


def membres(entreprise: Entreprise) -> list[Membre]:
    """Everybody who may act for a company, closed accounts included, by name."""
    ailleurs = entreprise.autres_habilitations.select_related("utilisateur")
    connus = {h.utilisateur_id: Membre(h.utilisateur, Role(h.role)) for h in ailleurs}
    connus |= {
        personne.pk: Membre(personne, Role(personne.role)) for personne in entreprise.utilisateurs.all()
    }
    return sorted(connus.values(), key=lambda m: (m.personne.last_name, m.personne.first_name, m.personne.pk))


def membre_par_courriel(entreprise: Entreprise, courriel: str) -> Utilisateur | None:
    """The open account of this address, if it acts for the company."""
    personne = par_courriel(courriel)
    if personne is None or not personne.is_active:
        return None
    return next((m.personne for m in membres(entreprise) if m.personne == personne), None)


def agit_ailleurs(personne: Utilisateur, entreprise: Entreprise) -> bool:
    """True for who also acts for another company."""
    autres = personne.autres_habilitations.exclude(entreprise=entreprise)
    return personne.entreprise_id != entreprise.pk or autres.exists()


def a_un_acces(siret: str) -> bool:
    """True when somebody signs in for the company of this SIRET."""
    ouvertes = Q(entreprise__siret=siret) | Q(autres_habilitations__entreprise__siret=siret)
    return Utilisateur.objects.filter(ouvertes, is_active=True).exists()


def autres_habilitations(utilisateur: Utilisateur) -> QuerySet[Habilitation]:
    """The other companies that the person may act for."""
    return utilisateur.autres_habilitations.select_related("entreprise").order_by("entreprise__denomination")


def a_un_second_facteur(utilisateur: Utilisateur) -> bool:
    return hasattr(utilisateur, "second_facteur")


def ouvert(cle: int) -> Utilisateur | None:
    """The account of this key, unless it was closed."""
    return Utilisateur.objects.filter(pk=cle, is_active=True).first()


def nommees(texte: str) -> QuerySet[Entreprise]:
    """The companies whose SIRET begins so, or whose name says it."""
    compact = "".join(texte.split())
    return Entreprise.objects.filter(Q(siret__startswith=compact) | Q(denomination__icontains=texte))


def agents() -> QuerySet[Utilisateur]:
    """The administration's people, closed accounts included, by name."""
    return (
        Utilisateur.objects.exclude(profil__in=PROFILS_ENTREPRISE)
        .select_related("second_facteur")
        .order_by("last_name", "first_name", "pk")
    )


def administrateurs() -> list[Utilisateur]:
    """Who may manage the officers today: an open account, and a password of their own choice."""
    ouverts = agents().filter(profil=Profil.ADMINISTRATION, is_active=True)
    return [personne for personne in ouverts if personne.has_usable_password()]


def comptes_de_demonstration() -> list[str]:
    """The identifiers of the demonstration that this base holds."""
    return list(Utilisateur.objects.filter(username__in=COMPTES).values_list("username", flat=True))
