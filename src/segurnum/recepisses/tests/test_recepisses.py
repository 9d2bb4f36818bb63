"""The receipt of each thing that a company sends: what it says, who reads it, how it is checked without the portal."""

import re
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from segurnum.cli import principal
from segurnum.comptes.auteurs import auteur
from segurnum.comptes.models import Profil
from segurnum.courriels import remise
from segurnum.courriels.models import Courriel
from segurnum.demandes import services
from segurnum.demandes.accuses import empreinte_des_donnees
from segurnum.demandes.models import Demande, PieceJustificative
from segurnum.depots import modifications, pieces
from segurnum.depots.queries import recepisses_de_la_demande
from segurnum.editique.signature import SignatureRefusee, certificats_de, verifier
from segurnum.editique.tests.texte_pdf import texte
from segurnum.essais import usines
from segurnum.essais.depots import Deposant
from segurnum.recepisses import cles
from segurnum.recepisses.documents import empreinte_de, pdf_de
from segurnum.recepisses.models import Nature, Recepisse
from segurnum.web.public.recepisses import CERTIFICATS, COMMANDES

pytestmark = pytest.mark.django_db


@pytest.fixture
def deposant() -> Deposant:
    return Deposant.nouveau()


def _certificats() -> list[Any]:
    return certificats_de(cles.certificats().encode())


def test_un_import_a_un_recepisse_qui_dit_ce_qui_est_retenu_et_les_empreintes(deposant: Deposant) -> None:
    depot = deposant.importer(2)
    recepisse = Recepisse.objects.get(nature=Nature.IMPORT)
    assert recepisse.recu_le == depot.depose_le
    dit = texte(pdf_de(recepisse))
    for demande in Demande.objects.all():
        assert demande.numero in dit
    assert depot.entree.empreinte in dit
    assert depot.sortie.empreinte in dit
    courriel = Courriel.objects.get(recepisse=recepisse)
    assert courriel.destinataire == deposant.enrolement.courriel


def test_un_zip_a_un_recepisse_avec_l_empreinte_de_chaque_piece_et_ce_qui_est_rejete(
    deposant: Deposant,
) -> None:
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    contenu = Recepisse.objects.get(nature=Nature.PIECES).lu
    jointes = Demande.objects.get().pieces.select_related("fichier")
    assert {(p.nom, p.fichier.empreinte) for p in jointes if p.fichier} == {
        (e.nom, e.empreinte) for e in contenu.retenus
    }
    assert contenu.rejetes == ()


def test_un_depot_transmis_joint_son_recepisse_a_son_accuse_de_reception(deposant: Deposant) -> None:
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    accuse = Courriel.objects.get(code="M65")
    assert accuse.recepisse is not None
    assert accuse.recepisse.numero in accuse.corps
    with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
        remise.remettre([accuse.pk])
    (message,) = [m for m in mail.outbox if m.subject == accuse.objet]
    ((nom, octets, type_mime),) = message.attachments
    assert (nom, type_mime) == (f"recepisse_{accuse.recepisse.numero}.pdf", "application/pdf")
    assert verifier(octets, _certificats())


def test_un_recepisse_est_un_pdf_d_archivage_accessible_et_signe(deposant: Deposant) -> None:
    deposant.importer(1)
    pdf = pdf_de(Recepisse.objects.get())
    with pikepdf.open(BytesIO(pdf)) as document:
        xmp = bytes(document.Root.Metadata.read_bytes()).decode()
        assert "<pdfaid:part>2</pdfaid:part>" in xmp
        assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
        (champ,) = document.Root.AcroForm.Fields
        assert champ.FT == "/Sig"
        assert champ.V.SubFilter == "/adbe.pkcs7.detached"
    assert verifier(pdf, _certificats())


@pytest.mark.parametrize("rang", [100, -100], ids=["au début", "à la fin"])
def test_un_recepisse_modifie_d_un_octet_est_refuse(deposant: Deposant, rang: int) -> None:
    deposant.importer(1)
    pdf = bytearray(pdf_de(Recepisse.objects.get()))
    pdf[rang] ^= 1
    with pytest.raises(SignatureRefusee):
        verifier(bytes(pdf), _certificats())


def test_un_ajout_apres_la_signature_est_refuse(deposant: Deposant) -> None:
    deposant.importer(1)
    with pytest.raises(SignatureRefusee, match="ne couvre pas"):
        verifier(pdf_de(Recepisse.objects.get()) + b"%%EOF", _certificats())


def test_la_cle_d_une_autre_installation_ne_signe_pas_pour_celle_ci(deposant: Deposant) -> None:
    deposant.importer(1)
    with override_settings(SIGNATURE_CLES=["une autre"]):
        pdf = pdf_de(Recepisse.objects.get())
    with pytest.raises(SignatureRefusee, match="aucun des certificats"):
        verifier(pdf, _certificats())


def test_une_cle_remplacee_reste_publiee_et_ses_recepisses_authentiques(deposant: Deposant) -> None:
    deposant.importer(1)
    with override_settings(SIGNATURE_CLES=["ancienne"]):
        pdf = pdf_de(Recepisse.objects.get())
    with override_settings(SIGNATURE_CLES=["nouvelle", "ancienne"]):
        assert verifier(pdf, _certificats())


def test_la_page_publique_confirme_un_recepisse_et_n_en_dit_rien_d_autre(
    deposant: Deposant, client: Client
) -> None:
    deposant.importer(1)
    recepisse = Recepisse.objects.get()
    page = client.get(reverse("public:recepisse", args=[recepisse.code])).content.decode()
    assert recepisse.numero in page
    assert empreinte_de(recepisse) in page
    demande = Demande.objects.get()
    entreprise = demande.entreprise
    for tu in (
        demande.numero,
        entreprise.siret,
        entreprise.denomination,
        demande.dsr,
    ):
        assert tu not in page


def test_le_code_qr_et_le_texte_du_recepisse_menent_a_la_page_qui_le_confirme(deposant: Deposant) -> None:
    deposant.importer(1)
    recepisse = Recepisse.objects.get()
    dit = re.sub(r"\s", "", texte(pdf_de(recepisse)))
    assert reverse("public:recepisse", args=[recepisse.code]) in dit
    assert empreinte_de(recepisse) in dit


def test_une_adresse_inventee_ne_confirme_rien(client: Client) -> None:
    reponse = client.get(reverse("public:recepisse", args=["inconnu"]))
    assert reponse.status_code == 404
    assert "Aucun récépissé" in reponse.content.decode()


def test_une_entreprise_lit_ses_recepisses_et_pas_ceux_d_une_autre(
    deposant: Deposant, client: Client
) -> None:
    depot = deposant.importer(1)
    recepisse = Recepisse.objects.get()
    client.force_login(deposant.utilisateur)
    adresse = reverse("fournisseur:recepisse", args=[recepisse.pk])
    assert adresse in client.get(reverse("fournisseur:recepisses")).content.decode()
    assert adresse in client.get(reverse("fournisseur:depot", args=[depot.pk])).content.decode()
    demande = reverse("fournisseur:demande", args=[Demande.objects.get().numero])
    assert adresse in client.get(demande).content.decode()
    assert client.get(adresse).content.startswith(b"%PDF")
    client.force_login(usines.utilisateur(Profil.FOURNISSEUR))
    assert client.get(adresse).status_code == 404


def test_la_commande_verifie_un_recepisse_sans_le_portail(
    deposant: Deposant, client: Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deposant.importer(1)
    (tmp_path / "cles.pem").write_bytes(client.get(reverse("public:certificats")).content)
    juste, faux = tmp_path / "juste.pdf", tmp_path / "faux.pdf"
    juste.write_bytes(pdf_de(Recepisse.objects.get()))
    faux.write_bytes(juste.read_bytes().replace(b"%PDF-1.7", b"%PDF-1.6"))
    commande = ["recepisse", "verifier", "--certificats", str(tmp_path / "cles.pem")]
    assert principal([*commande, str(juste)]) == 0
    assert principal([*commande, str(juste), str(faux)]) == 1
    sortie = capsys.readouterr().out
    assert f"{juste} : authentique" in sortie
    assert f"{faux} : sa signature" in sortie


def _complement(deposant: Deposant, demander: Callable[..., Demande]) -> tuple[Demande, PieceJustificative]:
    depot = deposant.importer(1)
    deposant.envoyer(depot)
    deposant.terminer(depot)
    demande = Demande.objects.get()
    gestionnaire = auteur(usines.utilisateur(Profil.GESTIONNAIRE))
    demander(demande=demande.pk, auteur=gestionnaire, motif="Le bon n'est pas signé.")
    piece = services.ajouter_piece(
        demande=demande.pk,
        auteur=deposant.auteur,
        nom="signe.pdf",
        type_piece="BON_COMMANDE",
        fichier=usines.fichier(),
    )
    return demande, piece


def test_un_ajout_valide_a_un_recepisse_des_pieces_ajoutees_et_d_elles_seules(deposant: Deposant) -> None:
    demande, piece = _complement(deposant, services.demander_piece)
    services.valider_ajout(demande=demande.pk, auteur=deposant.auteur)
    recepisse = Recepisse.objects.get(nature=Nature.COMPLEMENT)
    (element,) = recepisse.lu.retenus
    assert piece.fichier is not None
    assert (element.nom, element.empreinte) == ("signe.pdf", piece.fichier.empreinte)
    assert recepisse.sujet == demande.objet


def test_une_modification_confirmee_a_un_recepisse_de_sa_version_et_de_ses_pieces(deposant: Deposant) -> None:
    demande, _ = _complement(deposant, services.demander_modification)
    confirmee = modifications.confirmer(demande=demande.pk, saisie={}, auteur=deposant.auteur)
    contenu = Recepisse.objects.get(nature=Nature.CORRECTION).lu
    faits = dict(contenu.faits)
    assert (faits["Demande"], faits["Version"]) == (demande.numero, str(confirmee.version_courante))
    assert faits["Empreinte SHA-256 des données"] == empreinte_des_donnees(
        confirmee.versions.get(rang=confirmee.version_courante)
    )
    assert [element.nom for element in contenu.retenus] == ["signe.pdf"]


def _courriels_de(demande: Demande) -> list[str]:
    return list(Courriel.objects.filter(sujet=demande.objet).order_by("pk").values_list("code", flat=True))


def test_une_correction_a_un_seul_courriel_qui_porte_son_recepisse(deposant: Deposant) -> None:
    demande, _ = _complement(deposant, services.demander_modification)
    modifications.confirmer(demande=demande.pk, saisie={}, auteur=deposant.auteur)
    recepisse = Recepisse.objects.get(nature=Nature.CORRECTION)
    (dit,) = Courriel.objects.filter(recepisse=recepisse)
    assert dit.code == "M66"
    assert recepisse.numero in dit.corps
    assert _courriels_de(demande)[-1] == "M66"


def test_une_piece_ajoutee_seule_a_une_demande_incomplete_a_son_recepisse(deposant: Deposant) -> None:
    deposant.importer(1)
    demande = Demande.objects.get()
    annoncee = demande.pieces.order_by("pk")[0]
    fichier = usines.fichier()
    pieces.ajouter(demande=demande, piece=annoncee.pk, fichier=fichier, auteur=deposant.auteur)
    recepisse = Recepisse.objects.get(nature=Nature.PIECE)
    (element,) = recepisse.lu.retenus
    assert (element.nom, element.empreinte) == (annoncee.nom, fichier.empreinte)
    assert Courriel.objects.get(recepisse=recepisse).code == "M96"


def test_une_demande_n_a_que_les_recepisses_qui_parlent_d_elle(deposant: Deposant) -> None:
    depot = deposant.importer(2)
    premiere, autre = Demande.objects.order_by("pk")
    for annoncee in premiere.pieces.order_by("pk"):
        pieces.ajouter(demande=premiere, piece=annoncee.pk, fichier=usines.fichier(), auteur=deposant.auteur)
    pieces.transmettre(lignes=Demande.objects.filter(pk=premiere.pk), auteur=deposant.auteur)

    def natures(demande: Demande) -> list[str]:
        return [lu.nature for lu in recepisses_de_la_demande(demande)]

    assert natures(autre) == [Nature.IMPORT]
    assert natures(premiere) == [Nature.DEPOT, *[Nature.PIECE] * premiere.pieces.count(), Nature.IMPORT]
    deposant.envoyer(depot)
    assert Nature.PIECES in natures(autre)


def test_ce_que_dit_un_recepisse_ne_change_pas_avec_l_entreprise(deposant: Deposant) -> None:
    deposant.importer(1)
    avant = empreinte_de(Recepisse.objects.get())
    entreprise = deposant.enrolement.entreprise
    ancien = entreprise.siret
    entreprise.siret, entreprise.denomination = usines.siret(42), "Autrement nommée"
    entreprise.save()
    recepisse = Recepisse.objects.get()
    assert empreinte_de(recepisse) == avant
    dit = texte(pdf_de(recepisse))
    assert ancien in re.sub(r"\s", "", dit)
    assert "Autrement nommée" not in dit


@pytest.mark.skipif(not all(map(shutil.which, ("openssl", "xxd"))), reason="sans openssl ni xxd")
def test_les_commandes_publiees_verifient_un_recepisse_sans_rien_du_portail(
    deposant: Deposant, client: Client, tmp_path: Path
) -> None:
    deposant.importer(1)
    (tmp_path / CERTIFICATS).write_bytes(client.get(reverse("public:certificats")).content)
    assert "openssl cms -verify" in client.get(reverse("public:recepisses")).content.decode()
    pdf = tmp_path / "recepisse_REC00000042.pdf"
    juste = pdf_de(Recepisse.objects.get())

    def verifie(octets: bytes) -> bool:
        pdf.write_bytes(octets)
        fini = subprocess.run(["sh", "-c", COMMANDES], cwd=tmp_path, capture_output=True, check=False)
        return fini.returncode == 0 and b"Verification successful" in fini.stderr

    assert verifie(juste)
    assert not verifie(juste.replace(b"%PDF-1.7", b"%PDF-1.6"))
