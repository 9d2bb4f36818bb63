"""Opening, extending and closing what people may do for a company. The caller's transaction, or one of our own."""

import itertools
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils.text import slugify

from segurnum.comptes.alertes import alerter, dire_le_role
from segurnum.comptes.auteurs import Auteur
from segurnum.comptes.droits import reserve
from segurnum.comptes.journal import consigner
from segurnum.comptes.models import Entreprise, Habilitation, Profil, Role, Theme, Utilisateur
from segurnum.comptes.mots_de_passe import PREMIERE_FOIS, creer_lien, oublier_liens
from segurnum.comptes.queries import a_un_second_facteur, agit_ailleurs, membres, par_courriel
from segurnum.comptes.second_facteur import retirer as retirer_second_facteur
from segurnum.comptes.sessions import fermer
from segurnum.courriels.services import Envoi, envoyer
from segurnum.courriels.textes import rediger
from segurnum.regles.cycles_coordonnees import GesteModification
from segurnum.regles.erreurs import GesteImpossible
from segurnum.regles.gestes import GesteEntreprise
from segurnum.regles.identifiants import adresse_comparable, est_courriel


@dataclass(frozen=True)
class Titulaire:
    """Whose account it is from now on."""

    nom: str
    prenom: str
    courriel: str


_VERROU_CREATION = 7_150_301


def verrouiller_les_creations() -> None:
    """Until the end of the transaction one account is created at a time: addresses and identifiers stay unique."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_VERROU_CREATION])


@transaction.atomic
def ouvrir_acces(
    *,
    entreprise: Entreprise,
    courriel: str,
    nom: str,
    prenom: str,
    profil: Profil,
    role: Role = Role.ADMINISTRATEUR,
    auteur: Auteur,
) -> Utilisateur:
    """Let a person act for a company, and write to them (ENR-068 to ENR-070, GST-008, RUL-022).

    An address that nobody has: an account, its identifier by one mail (M05) and the link to choose a password by
    another (M06). An address already known keeps its identifier and password, and is told so (M07, PUB-041).
    Raises GesteImpossible for an address of the administration's people.
    """
    verrouiller_les_creations()
    connu = par_courriel(courriel)
    if connu is not None:
        return _etendre(connu, entreprise, profil, role, auteur)
    personne = nouveau_compte(
        courriel=courriel, nom=nom, prenom=prenom, profil=profil, role=role, entreprise=entreprise
    )
    consigner(personne, "OUVRIR_ACCES", auteur=auteur, apres=role, details={"siret": entreprise.siret})
    envoyer([_courriel("M05", personne, entreprise), premier_lien(personne)])
    return personne


def nouveau_compte(*, courriel: str, nom: str, prenom: str, **valeurs: Any) -> Utilisateur:
    """An account without a password, under an identifier of its own. Raises GesteImpossible for a wrong address."""
    if not est_courriel(courriel.strip()):
        raise GesteImpossible(f"« {courriel} » n'est pas une adresse électronique.")
    personne = Utilisateur(
        username=_identifiant(prenom, nom),
        email=courriel.strip(),
        first_name=prenom.strip()[:150],
        last_name=nom.strip()[:150],
        **valeurs,
    )
    personne.set_unusable_password()
    personne.save()
    return personne


def _etendre(
    personne: Utilisateur, entreprise: Entreprise, profil: Profil, role: Role, auteur: Auteur
) -> Utilisateur:
    if personne.est_agent:
        raise GesteImpossible(
            f"L'adresse {personne.email} est celle d'un agent de l'administration, qui ne peut pas agir pour une "
            "entreprise. Demandez une autre adresse."
        )
    personne = Utilisateur.objects.select_for_update().get(pk=personne.pk)
    if not personne.is_active:  # what a closed account could do before stays closed
        personne.entreprise, personne.profil, personne.role, personne.is_active = (
            entreprise,
            profil,
            role,
            True,
        )
        personne.save()
    elif (personne.entreprise_id, personne.profil) != (entreprise.pk, profil):
        Habilitation.objects.get_or_create(
            utilisateur=personne, entreprise=entreprise, profil=profil, defaults={"role": role}
        )
    consigner(personne, "ETENDRE_ACCES", auteur=auteur, apres=role, details={"siret": entreprise.siret})
    envois = [_courriel("M07", personne, entreprise)]
    if not personne.has_usable_password():
        envois.append(premier_lien(personne))
    envoyer(envois)
    return personne


@reserve(GesteEntreprise.GERER_UTILISATEURS)
@transaction.atomic
def rouvrir_acces(*, entreprise: Entreprise, personne: Utilisateur, auteur: Auteur) -> None:
    """Open a closed account again, or send another first link: the former one no longer works."""
    role = _role_actuel(entreprise, personne)
    if personne.is_active and personne.has_usable_password():
        raise GesteImpossible(
            "Ce compte est ouvert et a son mot de passe : la personne peut le renouveler depuis l'écran de connexion."
        )
    _etendre(personne, entreprise, Profil(personne.profil), role, auteur)


def _identifiant(prenom: str, nom: str) -> str:
    """« jdupont », then « jdupont2 »: lower-case ASCII letters and digits."""
    base = slugify(f"{prenom.strip()[:1]}{nom}").replace("-", "").replace("_", "")[:20] or "compte"
    pris = set(Utilisateur.objects.filter(username__startswith=base).values_list("username", flat=True))
    candidats = itertools.chain([base], (f"{base}{rang}" for rang in itertools.count(2)))
    return next(candidat for candidat in candidats if candidat not in pris)


def _courriel(code: str, personne: Utilisateur, entreprise: Entreprise) -> Envoi:
    texte = rediger(
        code, identifiant=personne.username, entreprise=entreprise.denomination, siret=entreprise.siret
    )
    return Envoi(code=code, texte=texte, destinataire=personne.email, sujet=personne.objet)


def premier_lien(personne: Utilisateur) -> Envoi:
    """The mail that lets who has no password choose one (M06)."""
    jeton = creer_lien(personne, PREMIERE_FOIS)
    return Envoi(
        code="M06", texte=rediger("M06", jeton=jeton), destinataire=personne.email, sujet=personne.objet
    )


@reserve(GesteEntreprise.GERER_UTILISATEURS)
@transaction.atomic
def changer_role(*, entreprise: Entreprise, personne: Utilisateur, role: Role, auteur: Auteur) -> None:
    """Give a person another role in the company. Raises GesteImpossible for its last administrator."""
    avant = _role_actuel(entreprise, personne)
    if role != Role.ADMINISTRATEUR:
        _garder_un_administrateur(entreprise, personne)
    _donner_role(entreprise, personne, role)
    _dire_le_changement(entreprise, personne, avant, role, auteur)
    dire_le_role(personne, entreprise, Role(role).label)


def _dire_le_changement(
    entreprise: Entreprise, personne: Utilisateur, avant: Role, apres: Role, auteur: Auteur
) -> None:
    details = {"siret": entreprise.siret}
    consigner(personne, "CHANGER_ROLE", auteur=auteur, avant=avant, apres=apres, details=details)


@reserve(GesteEntreprise.GERER_UTILISATEURS)
@transaction.atomic
def retirer_acces(*, entreprise: Entreprise, personne: Utilisateur, auteur: Auteur) -> None:
    """The person no longer acts for the company; an account left with no company is closed, with its sessions.

    What the person does for another company is not the company's to touch.
    """
    avant = _role_actuel(entreprise, personne)
    _garder_un_administrateur(entreprise, personne)
    _retirer(entreprise, personne)
    consigner(personne, "RETIRER_ACCES", auteur=auteur, avant=avant, details={"siret": entreprise.siret})
    dire_le_role(personne, entreprise, "")


@reserve(GesteModification.ACCEPTER)
@transaction.atomic
def suivre_titulaire(
    *, entreprise: Entreprise, personne: Utilisateur, titulaire: Titulaire, auteur: Auteur
) -> None:
    """The same person, whose address or name is written otherwise: the password stays.

    What was sent to the former address opens nothing any more; who had chosen no password yet is written to anew.
    Raises GesteImpossible for an account that also acts for another company.
    """
    _exiger_sans_partage(entreprise, personne)
    ancienne = personne.email
    _ecrire_titulaire(personne, titulaire)
    consigner(personne, "SUIVRE_TITULAIRE", auteur=auteur)
    for adresse in (ancienne, personne.email):
        alerter(personne, "CHANGER_ADRESSE", adresse=adresse)
    if not personne.has_usable_password():
        envoyer([premier_lien(personne)])


@reserve(GesteModification.ACCEPTER)
@transaction.atomic
def ceder_compte(
    *, entreprise: Entreprise, personne: Utilisateur, titulaire: Titulaire, auteur: Auteur
) -> None:
    """Hand the account of a person over to another, who took their place: nothing of the former one opens it any more.

    The new one receives the identifier (M05) and the link to choose a password (M06).
    Raises GesteImpossible for an account that also acts for another company: it would change hands there too.
    """
    _exiger_sans_partage(entreprise, personne)
    personne.set_unusable_password()
    _ecrire_titulaire(personne, titulaire)
    if a_un_second_facteur(personne):
        retirer_second_facteur(personne=personne, auteur=auteur)
    personne.identites.all().delete()
    personne.connexions.all().delete()
    fermer(personne)
    consigner(personne, "CEDER_COMPTE", auteur=auteur, details={"siret": entreprise.siret})
    envoyer([_courriel("M05", personne, entreprise), premier_lien(personne)])


def _exiger_sans_partage(entreprise: Entreprise, personne: Utilisateur) -> None:
    """Hold the account, and refuse what one company may not do to one that opens another."""
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    personne.refresh_from_db()
    if agit_ailleurs(personne, entreprise):
        raise GesteImpossible(
            f"Le compte {personne.username} agit aussi pour une autre entreprise : il ne change ni de mains ni "
            "d'adresse. Demandez pour cette personne une autre adresse électronique."
        )


@reserve(GesteModification.ACCEPTER)
@transaction.atomic
def remplacer_titulaire(
    *, entreprise: Entreprise, personne: Utilisateur, titulaire: Titulaire, auteur: Auteur
) -> None:
    """Let another person act for the company instead of this one, when the account cannot change hands.

    It also opens other companies, or the new person has an account already. They are given the same role at least.
    Raises GesteImpossible for a new person who has the very address of the former one.
    """
    if adresse_comparable(titulaire.courriel) == adresse_comparable(personne.email):
        raise GesteImpossible(
            f"L'adresse {titulaire.courriel} est celle d'un compte qui agit aussi pour une autre entreprise : il ne "
            "change pas de mains. Demandez une autre adresse pour la personne qui prend sa place."
        )
    for profil, role in _acces(entreprise, personne):
        nouveau = ouvrir_acces(
            entreprise=entreprise,
            courriel=titulaire.courriel,
            nom=titulaire.nom,
            prenom=titulaire.prenom,
            profil=profil,
            role=role,
            auteur=auteur,
        )
        if role == Role.ADMINISTRATEUR and (connu := _role_actuel(entreprise, nouveau)) != role:
            _donner_role(entreprise, nouveau, role)
            _dire_le_changement(entreprise, nouveau, connu, role, auteur)
    avant = _role_actuel(entreprise, personne)
    _retirer(entreprise, personne)
    consigner(personne, "RETIRER_ACCES", auteur=auteur, avant=avant, details={"siret": entreprise.siret})
    dire_le_role(personne, entreprise, "")


def _ecrire_titulaire(personne: Utilisateur, titulaire: Titulaire) -> None:
    personne.last_name, personne.first_name = titulaire.nom.strip()[:150], titulaire.prenom.strip()[:150]
    personne.email = titulaire.courriel.strip()
    personne.save(update_fields=["last_name", "first_name", "email", "password"])
    oublier_liens(personne)


def _acces(entreprise: Entreprise, personne: Utilisateur) -> list[tuple[Profil, Role]]:
    """What the person may be for the company, whichever company they are working for now."""
    acces = [(h.profil, h.role) for h in personne.autres_habilitations.filter(entreprise=entreprise)]
    if personne.entreprise_id == entreprise.pk:
        acces.append((personne.profil, personne.role))
    return [(Profil(profil), Role(role)) for profil, role in acces]


def _donner_role(entreprise: Entreprise, personne: Utilisateur, role: Role) -> None:
    Utilisateur.objects.filter(pk=personne.pk, entreprise=entreprise).update(role=role)
    personne.autres_habilitations.filter(entreprise=entreprise).update(role=role)


def _retirer(entreprise: Entreprise, personne: Utilisateur) -> None:
    """The company is none of the person's any more; an account that is left with none is closed."""
    Utilisateur.objects.select_for_update().get(pk=personne.pk)
    personne.autres_habilitations.filter(entreprise=entreprise).delete()
    personne.refresh_from_db()
    if personne.entreprise_id != entreprise.pk:
        return
    suivante = personne.autres_habilitations.order_by("pk").first()
    if suivante is None:
        personne.is_active = False
        personne.save(update_fields=["is_active"])
        fermer(personne)
    else:
        _occuper(personne, suivante)
        suivante.delete()


@transaction.atomic
def choisir_entreprise(*, personne: Utilisateur, habilitation: int) -> None:
    """Work for another of the person's companies. Raises Habilitation.DoesNotExist for somebody else's."""
    personne = Utilisateur.objects.select_for_update().get(pk=personne.pk)
    choisie = personne.autres_habilitations.select_related("entreprise").get(pk=habilitation)
    quittee = (personne.entreprise, personne.profil, personne.role)
    _occuper(personne, choisie)
    choisie.entreprise, choisie.profil, choisie.role = quittee  # type: ignore[assignment]
    choisie.save()


def _occuper(personne: Utilisateur, habilitation: Habilitation) -> None:
    personne.entreprise, personne.profil, personne.role = (
        habilitation.entreprise,
        habilitation.profil,
        habilitation.role,
    )
    personne.save(update_fields=["entreprise", "profil", "role"])


def _role_actuel(entreprise: Entreprise, personne: Utilisateur) -> Role:
    """The role to change, with the company locked: two administrators cannot remove each other at once."""
    Entreprise.objects.select_for_update().get(pk=entreprise.pk)
    for membre in membres(entreprise):
        if membre.personne.pk == personne.pk:
            return membre.role
    raise GesteImpossible("Cette personne n'agit pas pour votre entreprise.")


def _garder_un_administrateur(entreprise: Entreprise, personne: Utilisateur) -> None:
    autres = [
        membre
        for membre in membres(entreprise)
        if membre.personne.pk != personne.pk
        and membre.role == Role.ADMINISTRATEUR
        and membre.personne.is_active
        and not membre.attendu
    ]
    if not autres:
        raise GesteImpossible(
            "L'entreprise doit garder au moins un administrateur qui a choisi son mot de passe : donnez d'abord "
            "ce rôle à une autre personne."
        )


def choisir_theme(*, personne: Utilisateur, theme: Theme) -> None:
    """Keep how a person reads the portal, for every browser of theirs. Nothing of the dossier: no event."""
    personne.theme = theme
    personne.save(update_fields=["theme"])
