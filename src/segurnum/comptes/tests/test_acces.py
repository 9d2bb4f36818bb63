"""Who may act for a company: opened, extended, changed and closed, with the mails that say so."""

import pytest
from django.db import IntegrityError, transaction
from syrupy.assertion import SnapshotAssertion

from segurnum.comptes import queries, services
from segurnum.comptes.auteurs import PORTAIL, auteur
from segurnum.comptes.models import Entreprise, Habilitation, Profil, Role, SessionOuverte, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.courriels.textes import OBJETS, rediger
from segurnum.essais import usines
from segurnum.essais.courriels import lien_recu, recus
from segurnum.journal.models import Evenement
from segurnum.regles.erreurs import GesteImpossible

pytestmark = pytest.mark.django_db


def ouvrir(entreprise: Entreprise | None = None, **valeurs: object) -> Utilisateur:
    return services.ouvrir_acces(
        **{
            "entreprise": entreprise or usines.entreprise(),
            "courriel": "zoe.durand@societe.example",
            "nom": "Durand",
            "prenom": "Zoé",
            "profil": Profil.FOURNISSEUR,
            "auteur": PORTAIL,
        }
        | valeurs  # type: ignore[arg-type]
    )


def avec_mot_de_passe(personne: Utilisateur) -> Utilisateur:
    personne.set_password("un-mot-de-passe-d-essai")
    personne.save()
    return personne


@pytest.mark.exigence("RUL-022", "RUL-026", "ENR-068", "ENR-069")
@pytest.mark.parametrize("code", ["M05", "M06", "M07", "M14", "M15"])
def test_le_texte_de_chaque_courriel_des_comptes(code: str, snapshot: SnapshotAssertion) -> None:
    valeurs = {
        "identifiant": "zdurand",
        "entreprise": "LOGICIELS & CIE",
        "siret": "99900001100018",
        "jeton": "jeton-invente",
    }
    texte = rediger(code, **valeurs)
    assert f"{texte.objet}\n\n{texte.corps}" == snapshot
    assert texte.objet == OBJETS[code]


@pytest.mark.exigence("ENR-068", "GST-008", "RUL-022", "XCT-010")
def test_une_personne_nouvelle_recoit_son_identifiant_et_par_un_autre_courriel_le_lien_du_mot_de_passe():
    entreprise = usines.entreprise()
    personne = ouvrir(entreprise)
    assert (personne.username, personne.entreprise, personne.role) == (
        "zdurand",
        entreprise,
        Role.ADMINISTRATEUR,
    )
    assert not personne.has_usable_password()
    assert recus(personne) == ["M05", "M06"]
    identifiant, lien = Courriel.objects.order_by("pk")
    assert personne.username in identifiant.corps
    assert "jeton=" not in identifiant.corps
    assert personne.username not in lien.corps
    assert lien_recu(personne)


@pytest.mark.exigence("ENR-068")
def test_les_identifiants_sont_simples_et_ne_se_repetent_pas():
    noms = [("Zoé", "Durand"), ("Zacharie", "Durand"), ("Éloïse", "de l'Épée"), ("李", "王")]
    comptes = [
        ouvrir(courriel=f"p{rang}@societe.example", prenom=prenom, nom=nom).username
        for rang, (prenom, nom) in enumerate(noms)
    ]
    assert comptes == ["zdurand", "zdurand2", "edelepee", "compte"]


@pytest.mark.exigence("PUB-041", "ENR-069", "GST-008", "RUL-022")
def test_une_adresse_deja_connue_garde_son_compte_et_n_apprend_que_l_extension_de_son_habilitation():
    personne = avec_mot_de_passe(ouvrir())
    Courriel.objects.all().delete()
    autre = usines.entreprise()
    etendue = ouvrir(autre, courriel="ZOE.Durand@societe.example", nom="Autre", prenom="Nom")
    assert etendue == personne
    assert recus(personne) == ["M07"]
    etendue.refresh_from_db()
    assert (etendue.password, etendue.last_name) == (personne.password, "Durand")
    assert [h.entreprise for h in queries.autres_habilitations(personne)] == [autre]


@pytest.mark.exigence("ENR-069")
def test_un_second_enrolement_de_la_meme_entreprise_n_ajoute_rien_qu_un_courriel():
    entreprise = usines.entreprise()
    personne = avec_mot_de_passe(ouvrir(entreprise))
    ouvrir(entreprise)
    assert recus(personne) == ["M05", "M06", "M07"]
    assert not queries.autres_habilitations(personne).exists()
    assert Utilisateur.objects.filter(email=personne.email).count() == 1


def test_une_entreprise_fournisseur_et_operateur_donne_les_deux_profils_a_la_meme_personne():
    entreprise = usines.entreprise()
    personne = ouvrir(entreprise)
    ouvrir(entreprise, profil=Profil.OPERATEUR)
    assert [h.profil for h in queries.autres_habilitations(personne)] == [Profil.OPERATEUR]
    assert len(queries.membres(entreprise)) == 1


def test_qui_n_a_pas_encore_choisi_son_mot_de_passe_recoit_un_nouveau_lien():
    personne = ouvrir()
    ancien = lien_recu(personne)
    ouvrir(usines.entreprise())
    assert recus(personne) == ["M05", "M06", "M07", "M06"]
    assert lien_recu(personne) != ancien


def test_un_agent_ne_devient_pas_fournisseur():
    agent = usines.utilisateur(Profil.GESTIONNAIRE)
    with pytest.raises(GesteImpossible, match="celle d'un agent"):
        ouvrir(courriel=agent.email)
    assert not Courriel.objects.exists()


def test_deux_comptes_n_ont_pas_la_meme_adresse_meme_a_la_casse_pres():
    personne = ouvrir()
    with pytest.raises(IntegrityError), transaction.atomic():
        Utilisateur.objects.create(
            username="double", email=personne.email.upper(), profil=Profil.GESTIONNAIRE
        )


def _collegue(administrateur: Utilisateur, role: Role = Role.DEPOSANT) -> Utilisateur:
    """Somebody who may act for the company of this administrator, and has no password yet."""
    assert administrateur.entreprise is not None
    return ouvrir(
        administrateur.entreprise,
        courriel="collegue@societe.example",
        nom="Martin",
        prenom="Ali",
        role=role,
        auteur=auteur(administrateur),
    )


@pytest.mark.exigence("GST-033")
@pytest.mark.parametrize("geste", ["retirer", "changer"])
def test_le_dernier_administrateur_reste(geste: str) -> None:
    administrateur = avec_mot_de_passe(usines.utilisateur(Profil.FOURNISSEUR))
    entreprise = administrateur.entreprise
    assert entreprise is not None
    attendu = _collegue(administrateur, Role.ADMINISTRATEUR)

    def agir() -> None:
        if geste == "retirer":
            services.retirer_acces(
                entreprise=entreprise, personne=administrateur, auteur=auteur(administrateur)
            )
        else:
            services.changer_role(
                entreprise=entreprise,
                personne=administrateur,
                role=Role.LECTEUR,
                auteur=auteur(administrateur),
            )

    with pytest.raises(GesteImpossible, match="au moins un administrateur"):
        agir()  # the other one has not chosen a password: nobody could manage the company
    avec_mot_de_passe(attendu)
    agir()
    administrateur.refresh_from_db()
    assert administrateur.role == Role.LECTEUR or not administrateur.is_active


def test_un_acces_retire_ferme_le_compte_et_ses_sessions(client):
    administrateur = avec_mot_de_passe(usines.utilisateur(Profil.FOURNISSEUR))
    entreprise = administrateur.entreprise
    assert entreprise is not None
    invite = avec_mot_de_passe(_collegue(administrateur))
    client.force_login(invite)
    services.retirer_acces(entreprise=entreprise, personne=invite, auteur=auteur(administrateur))
    invite.refresh_from_db()
    assert not invite.is_active
    assert not SessionOuverte.objects.filter(utilisateur=invite).exists()
    services.rouvrir_acces(entreprise=entreprise, personne=invite, auteur=auteur(administrateur))
    invite.refresh_from_db()
    assert invite.is_active
    gestes = Evenement.objects.filter(objet=invite.objet).order_by("rang").values_list("geste", flat=True)
    assert list(gestes) == ["OUVRIR_ACCES", "RETIRER_ACCES", "ETENDRE_ACCES"]


@pytest.mark.exigence("XCT-005")
def test_une_entreprise_ne_ferme_ni_le_compte_ni_les_sessions_de_qui_agit_ailleurs(client):
    premiere, seconde = usines.entreprise(), usines.entreprise()
    administrateur = avec_mot_de_passe(usines.utilisateur(Profil.FOURNISSEUR, entreprise=premiere))
    personne = avec_mot_de_passe(ouvrir(premiere, role=Role.DEPOSANT))
    ouvrir(seconde, role=Role.LECTEUR)
    client.force_login(personne)
    services.changer_role(
        entreprise=premiere, personne=personne, role=Role.ADMINISTRATEUR, auteur=auteur(administrateur)
    )
    services.retirer_acces(entreprise=premiere, personne=personne, auteur=auteur(administrateur))
    personne.refresh_from_db()
    assert (personne.is_active, personne.entreprise, personne.role) == (True, seconde, Role.LECTEUR)
    assert SessionOuverte.objects.filter(utilisateur=personne).exists()
    with pytest.raises(GesteImpossible, match="n'agit pas pour votre entreprise"):
        services.rouvrir_acces(entreprise=premiere, personne=personne, auteur=auteur(administrateur))


@pytest.mark.exigence("GST-033")
def test_un_role_change_ou_un_acces_retire_sont_dits_a_la_personne():
    administrateur = avec_mot_de_passe(usines.utilisateur(Profil.FOURNISSEUR))
    entreprise = administrateur.entreprise
    assert entreprise is not None
    personne = avec_mot_de_passe(_collegue(administrateur))
    services.changer_role(
        entreprise=entreprise, personne=personne, role=Role.LECTEUR, auteur=auteur(administrateur)
    )
    services.retirer_acces(entreprise=entreprise, personne=personne, auteur=auteur(administrateur))
    assert recus(personne) == ["M05", "M06", "M52", "M52"]
    change, retire = Courriel.objects.filter(code="M52").order_by("pk")
    assert "est maintenant : Lecteur." in change.corps
    assert "Vous n'agissez plus pour" in retire.corps


@pytest.mark.parametrize(
    "typee", ["\u212aarl@societe.example", "karl@societe.example\x00", "KARL@societe.example "]
)
def test_une_adresse_se_reconnait_en_ascii_et_pas_autrement(typee: str) -> None:
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    Utilisateur.objects.filter(pk=personne.pk).update(email="Karl@Societe.example")
    trouvee = queries.par_courriel(typee)
    assert trouvee == (personne if typee.isprintable() and typee.isascii() else None)


def test_un_vieux_compte_d_une_autre_ecriture_n_est_pas_pris_pour_un_autre():
    personne = usines.utilisateur(Profil.FOURNISSEUR)
    Utilisateur.objects.filter(pk=personne.pk).update(email="\u212aarl@societe.example")
    assert queries.par_courriel("karl@societe.example") is None


def test_un_acces_retire_laisse_les_autres_entreprises_de_la_personne():
    premiere, seconde = usines.entreprise(), usines.entreprise()
    administrateur = avec_mot_de_passe(usines.utilisateur(Profil.FOURNISSEUR, entreprise=premiere))
    for entreprise in (premiere, seconde):
        avec_mot_de_passe(usines.utilisateur(Profil.FOURNISSEUR, entreprise=entreprise))
        personne = avec_mot_de_passe(ouvrir(entreprise, role=Role.DEPOSANT))
    services.retirer_acces(entreprise=premiere, personne=personne, auteur=auteur(administrateur))
    personne.refresh_from_db()
    assert (personne.is_active, personne.entreprise) == (True, seconde)
    assert not queries.autres_habilitations(personne).exists()


def test_un_compte_ferme_puis_appele_par_une_autre_entreprise_ne_rouvre_pas_la_premiere():
    administrateur = avec_mot_de_passe(usines.utilisateur(Profil.FOURNISSEUR))
    assert administrateur.entreprise is not None
    invite = _collegue(administrateur)
    services.retirer_acces(
        entreprise=administrateur.entreprise, personne=invite, auteur=auteur(administrateur)
    )
    seconde = usines.entreprise()
    ouvrir(seconde, courriel=invite.email)
    invite.refresh_from_db()
    assert (invite.is_active, invite.entreprise, invite.role) == (True, seconde, Role.ADMINISTRATEUR)
    assert not queries.autres_habilitations(invite).exists()


def test_on_choisit_l_entreprise_pour_laquelle_on_agit():
    premiere, seconde = usines.entreprise(), usines.entreprise()
    personne = ouvrir(premiere)
    ouvrir(seconde, role=Role.LECTEUR)
    personne.refresh_from_db()
    services.choisir_entreprise(
        personne=personne, habilitation=queries.autres_habilitations(personne).get().pk
    )
    personne.refresh_from_db()
    assert (personne.entreprise, personne.role) == (seconde, Role.LECTEUR)
    gardee = queries.autres_habilitations(personne).get()
    assert (gardee.entreprise, gardee.role) == (premiere, Role.ADMINISTRATEUR)


def test_on_ne_choisit_pas_l_habilitation_d_une_autre_personne():
    ouvrir()
    ouvrir(usines.entreprise())
    with pytest.raises(Habilitation.DoesNotExist):
        services.choisir_entreprise(
            personne=usines.utilisateur(Profil.FOURNISSEUR), habilitation=Habilitation.objects.get().pk
        )
