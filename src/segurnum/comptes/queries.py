"""Reading accounts."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from segurnum.comptes.demonstration import COMPTES
from segurnum.comptes.models import (
    PROFILS_ENTREPRISE,
    CleAcces,
    Connexion,
    Entreprise,
    Habilitation,
    IdentiteExterne,
    Invitation,
    Profil,
    Role,
    SecondFacteur,
    Utilisateur,
)
from segurnum.regles import secrets
from segurnum.regles.calendrier import maintenant
from segurnum.regles.identifiants import adresse_comparable


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
    """The account of an address, whatever the case of its letters; only ASCII ones are folded."""
    adresse = adresse_comparable(courriel)
    if not adresse:
        return None
    # Read once more here: the database folds letters of other alphabets, that an old account may have, into ASCII.
    candidats = Utilisateur.objects.annotate(_courriel=Lower("email")).filter(_courriel=adresse)
    return next((p for p in candidats if adresse_comparable(p.email) == adresse), None)


def par_identifiant(saisi: str) -> Utilisateur | None:
    """The account of an identifier, as typed or else in small letters: the portal gives no others."""
    connus = {
        p.username: p for p in Utilisateur.objects.filter(username__in={saisi.strip(), saisi.strip().lower()})
    }
    return connus.get(saisi.strip()) or connus.get(saisi.strip().lower())


def par_identifiant_ou_courriel(saisi: str) -> Utilisateur | None:
    return par_identifiant(saisi) or par_courriel(saisi)


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


def a_une_application(utilisateur: Utilisateur) -> bool:
    """True for who has an authentication application."""
    return SecondFacteur.objects.filter(utilisateur=utilisateur).exists()


def cles_acces(utilisateur: Utilisateur) -> QuerySet[CleAcces]:
    """The person's passkeys, the oldest first."""
    return utilisateur.cles_acces.order_by("ajoutee_le", "pk")


def a_un_second_facteur(utilisateur: Utilisateur) -> bool:
    """True for who has an authentication application or a passkey."""
    return a_une_application(utilisateur) or cles_acces(utilisateur).exists()


def peut_se_connecter(utilisateur: Utilisateur) -> bool:
    """True for an open account with something that opens it: a password, a passkey, an identity of a provider."""
    return utilisateur.is_active and (
        utilisateur.has_usable_password()
        or cles_acces(utilisateur).exists()
        or identite_liee(utilisateur) is not None
    )


def invitation_par_jeton(jeton: str) -> Invitation | None:
    """The invitation that a mailed link answers, while it waits for an answer."""
    return (
        Invitation.objects.filter(
            empreinte=secrets.empreinte(jeton),
            statut=Invitation.Statut.EN_ATTENTE,
            expire_le__gt=maintenant(),
        )
        .select_related("entreprise")
        .first()
    )


def invitations_recues(utilisateur: Utilisateur) -> QuerySet[Invitation]:
    """The invitations that wait for the person's answer: none for the administration's people, who cannot accept."""
    adresse = adresse_comparable(utilisateur.email)
    if not adresse or utilisateur.est_agent:
        return Invitation.objects.none()
    return (
        Invitation.objects.filter(
            courriel=adresse, statut=Invitation.Statut.EN_ATTENTE, expire_le__gt=maintenant()
        )
        .select_related("entreprise")
        .order_by("envoyee_le", "pk")
    )


def invitations_de(entreprise: Entreprise) -> QuerySet[Invitation]:
    """What the company asked of whom: those who accepted are among its people."""
    rendues = (Invitation.Statut.ACCEPTEE, Invitation.Statut.RETIREE)
    return entreprise.invitations.exclude(statut__in=rendues).order_by("-envoyee_le", "-pk")


def connexions_de(utilisateur: Utilisateur) -> QuerySet[Connexion]:
    """The person's sign-ins, the last first."""
    return utilisateur.connexions.order_by("-instant", "-pk")


def identite_liee(utilisateur: Utilisateur) -> IdentiteExterne | None:
    """The identity of an OpenID Connect provider that opens the account."""
    return utilisateur.identites.order_by("-liee_le").first()


def ouvert(cle: int) -> Utilisateur | None:
    """The account of this key, unless it was closed."""
    return Utilisateur.objects.filter(pk=cle, is_active=True).first()


def nommees(texte: str) -> QuerySet[Entreprise]:
    """The companies whose SIRET begins so, or whose name says it."""
    compact = "".join(texte.split())
    return Entreprise.objects.filter(Q(siret__startswith=compact) | Q(denomination__icontains=texte))


def logiciels_de(entreprise: Entreprise) -> list[str]:
    """The names of the software that the company enrolled."""
    return list(entreprise.enrolements.values_list("referencement__logiciel", flat=True).distinct())


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
