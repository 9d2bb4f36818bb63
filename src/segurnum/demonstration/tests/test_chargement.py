"""The demonstration is loaded once, whole, and only where it is allowed."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import models

from segurnum import couloirs
from segurnum.comptes.models import CoordonneesBancaires, Utilisateur
from segurnum.courriels.models import Courriel
from segurnum.demandes.apercus import effets
from segurnum.demandes.models import Demande
from segurnum.demonstration import identites, parcours_enrolements
from segurnum.demonstration.chargement import DemonstrationInterdite, charger
from segurnum.demonstration.tests import exemples_deposes
from segurnum.demonstration.tests.charge import demonstration_permise
from segurnum.depots.models import Archive
from segurnum.enrolements.models import STATUTS_OUVERTS, Enrolement
from segurnum.journal.models import Evenement
from segurnum.paiements.models import Enveloppe
from segurnum.referentiel.models import FenetreDepot, Plafond, Projet, Referencement
from segurnum.regles import identifiants
from segurnum.regles.calendrier import EtatFenetre, maintenant
from segurnum.regles.cycles import EtatPaiement, StatutDemande, TypeDemande
from segurnum.regles.cycles_enrolement import StatutEnrolement
from segurnum.regles.cycles_modeles import StatutModele
from segurnum.regles.cycles_reglages import StatutProjet


@pytest.mark.django_db
def test_elle_ne_se_charge_pas_sans_l_option(settings: Any) -> None:
    settings.DEMONSTRATION = False
    with pytest.raises(DemonstrationInterdite, match="SEGURNUM_DEMO=1"):
        charger()
    with pytest.raises(CommandError, match="SEGURNUM_DEMO=1"):
        call_command("charger_demonstration")
    assert not Utilisateur.objects.exists()


def _compter_les_lignes() -> dict[str, int]:
    modeles: tuple[type[models.Model], ...] = (Utilisateur, Demande, Evenement, Courriel, Archive, Enveloppe)
    return {modele.__name__: modele._default_manager.count() for modele in modeles}


@pytest.mark.django_db
@demonstration_permise
def test_un_chargement_interrompu_ne_laisse_rien() -> None:
    def interrompre(phrase: str) -> None:
        if "Hôpital" in phrase:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        charger(interrompre)
    assert not any(_compter_les_lignes().values())


@pytest.mark.long
class TestJeuCharge(exemples_deposes.ExemplesDeposes):
    def test_la_commande_lancee_deux_fois_ne_change_rien(self) -> None:
        avant, seconde = _compter_les_lignes(), io.StringIO()
        call_command("charger_demonstration", stdout=seconde)
        assert _compter_les_lignes() == avant
        assert "chargées en" in self.dit
        assert "rien n'est changé" in seconde.getvalue()

    def test_chaque_compte_a_le_mot_de_passe_publie(self) -> None:
        comptes = {u.username: u for u in Utilisateur.objects.filter(username__startswith="demo-")}
        assert set(comptes) == {
            *("demo-fournisseur", "demo-fournisseur2", "demo-operateur", "demo-gestionnaire"),
            *("demo-gestionnaire2", "demo-gestionnaire3"),
            *("demo-decideur", "demo-comptable", "demo-admin", "demo-admin2"),
        }
        assert all(u.check_password("segur-demo") for u in comptes.values())
        assert comptes["demo-fournisseur2"].entreprise_id != self.fournisseur.entreprise_id

    def test_un_projet_de_reglage_attend_une_seconde_personne_et_dit_ce_qu_il_change(self) -> None:
        projet = Projet.objects.get()
        assert (projet.statut, projet.auteur.username) == (StatutProjet.A_APPROUVER, "demo-admin")
        vus = effets(projet)
        assert vus.nombre > 0
        assert vus.ecart > 0

    def test_chaque_statut_de_demande_et_de_paiement_est_montre(self) -> None:
        assert set(Demande.objects.values_list("statut", flat=True)) == {s.value for s in StatutDemande}
        assert set(Demande.objects.values_list("etat_paiement", flat=True)) == {e.value for e in EtatPaiement}

    def test_des_soldes_sont_en_cours_et_payes(self) -> None:
        soldes = Demande.objects.filter(type=TypeDemande.SOLDE)
        assert soldes.filter(statut=StatutDemande.EN_COURS).exists()
        assert soldes.filter(etat_paiement=EtatPaiement.EFFECTUE).exists()

    def test_les_demandes_couvrent_plusieurs_couloirs_et_trois_entreprises(self) -> None:
        assert Demande.objects.values("dsr").distinct().count() >= 4
        assert Demande.objects.values("entreprise").distinct().count() == 3

    def test_une_demande_modifiee_garde_ses_deux_versions(self) -> None:
        modifiee = Demande.objects.get(version_courante=2)
        noms = [
            modifiee.format(version.cree_le).places.beneficiaires(version.donnees)[0].nom
            for version in modifiee.versions.order_by("rang")
        ]
        assert len(set(noms)) == 2

    def test_le_fournisseur_est_enrole_dans_tous_les_couloirs_a_fichier(self) -> None:
        valides = Enrolement.objects.filter(
            entreprise=self.fournisseur.entreprise, statut=Enrolement.Statut.VALIDEE
        )
        dsr = {couloir.dsr for couloir in couloirs.par_fichier()}
        assert set(valides.values_list("referencement__dsr", flat=True)) == dsr
        assert dsr - {"DSR-HOP-PFI-Va1"} == set(
            Demande.objects.filter(dsr__in=dsr).values_list("dsr", flat=True).distinct()
        )

    @pytest.mark.exigence("EXP-011", "FRM-013")
    def test_le_fournisseur_de_la_vague_2_a_un_modele_a_chaque_statut(self) -> None:
        assert self.fournisseur.entreprise is not None
        statuts = self.fournisseur.entreprise.modeles.values_list("statut", flat=True)
        assert sorted(statuts) == sorted(StatutModele)

    def test_un_enrolement_anticipe_n_ouvre_pas_encore_au_depot(self) -> None:
        anticipes = list(Enrolement.objects.filter(anticipe=True))
        assert anticipes
        assert not any(enrolement.ouvre_au_depot for enrolement in anticipes)

    def test_une_entreprise_n_a_qu_une_demande_d_enrolement_initiale(self) -> None:
        initiales = Enrolement.objects.filter(type=Enrolement.Type.INITIAL).values_list(
            "entreprise", flat=True
        )
        assert len(initiales) == len(set(initiales)) > 0

    def test_chaque_statut_d_enrolement_est_montre(self) -> None:
        assert set(Enrolement.objects.values_list("statut", flat=True)) == {s.value for s in StatutEnrolement}

    def test_un_enrolement_accepte_a_ouvert_un_compte_sans_mot_de_passe_publie(self) -> None:
        ouverts = Utilisateur.objects.exclude(username__startswith="demo-")
        acceptes = [c for c in parcours_enrolements.CANDIDATS if c.destin in STATUTS_OUVERTS]
        assert {(u.last_name, u.first_name) for u in ouverts} == {
            (c.representant[0].upper(), c.representant[1]) for c in acceptes
        }
        assert not any(u.has_usable_password() for u in ouverts)

    def test_des_numeros_ans_restent_libres_pour_essayer_un_enrolement(self) -> None:
        libres = Referencement.objects.filter(enrolements=None)
        assert set(libres.values_list("valide", flat=True)) == {True, False}

    def test_une_seule_fenetre_est_fermee(self) -> None:
        etats = {f"{f.dsr} {f.type}": f.en_regle().etat(maintenant()) for f in FenetreDepot.objects.all()}
        assert [nom for nom, etat in etats.items() if etat is not EtatFenetre.OUVERTE] == [
            "DSR-HOP-PFI-Va1 AVANCE"
        ]

    def test_une_demande_validee_attend_sur_une_enveloppe_trop_petite(self) -> None:
        petite = Enveloppe.objects.get(libelle__startswith="Radiologie")
        demande = Demande.objects.get(dsr__in=petite.dsr, statut=StatutDemande.VALIDEE)
        assert demande.montant_decide is not None
        assert demande.montant_decide > petite.montant - petite.decide

    def test_un_beneficiaire_sur_sept_est_sans_plafond(self) -> None:
        ms1 = couloirs.par_code("MS1-DUI")
        premiers = [identites.identifiant(ms1, "FINESS", rang) for rang in range(1, 15)]
        connus = Plafond.objects.filter(dsr=ms1.dsr, identifiant__in=premiers).values_list(
            "identifiant", flat=True
        )
        assert set(premiers) - set(connus) == {premiers[6], premiers[13]}

    def test_chaque_entreprise_a_un_compte_bancaire_actif(self) -> None:
        actifs = CoordonneesBancaires.objects.filter(statut=CoordonneesBancaires.Statut.ACTIVE)
        acceptes = [c for c in parcours_enrolements.CANDIDATS if c.destin in STATUTS_OUVERTS]
        assert actifs.values("entreprise").distinct().count() == 3 + len(acceptes)


@pytest.mark.parametrize("rang", [1, 7, 42])
def test_les_identifiants_inventes_ont_des_cles_justes(rang: int) -> None:
    from schwifty import BIC, IBAN

    assert identifiants.est_siret(identites.siret(rang))
    assert identifiants.est_finess(identites.finess_juridique(rang))
    for couloir in couloirs.tous():
        client = identites.client(couloir, rang)
        assert identifiants.est_courriel(client.courriel)
        assert client.courriel.endswith(".example")
        assert identifiants.est_telephone(client.telephone)
        assert identifiants.est_finess(identites.identifiant(couloir, "FINESS", rang))
        assert identifiants.est_rpps(identites.identifiant(couloir, "RPPS", rang))
    assert IBAN(identites.iban(rang), validate_bban=True).bank_code == "99999"
    assert BIC(identites.BIC).country_code == "FR"
