"""Reading accounts."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from segurnum.comptes.models import Entreprise, Habilitation, Role, Utilisateur


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


def identifiant_exact(saisi: str) -> str:
    """The identifier as the account has it, whatever the letter case typed; what was typed where that tells nobody."""
    propre = saisi.strip()
    connus = list(Utilisateur.objects.filter(username__iexact=propre).values_list("username", flat=True)[:2])
    return connus[0] if len(connus) == 1 else propre


def par_identifiant_ou_courriel(saisi: str) -> Utilisateur | None:
    return Utilisateur.objects.filter(username=identifiant_exact(saisi)).first() or par_courriel(saisi)


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
