"""A PDF is judged by its pages: what honest tools make is accepted, what nobody can read or what acts is not."""

from __future__ import annotations

import base64
import io
import zlib

import pikepdf
import pytest

from segurnum.controles import pdf as module_pdf
from segurnum.controles import pdf_actions, pdf_pages, pdf_structure
from segurnum.controles.problemes import MO

from .fabrique_pdf import (
    PAGE,
    PAGES,
    TEXTE,
    avec_table_compressee,
    codes,
    deflate,
    ecrire,
    flux,
    lzw_qui_enfle,
    phrases,
    plusieurs_pages,
    une_page,
)
from .fabrique_pieces import enregistrer, image, pdf

ABIME = b"x\xda" + b"\x07" * 60
SCRIPT = b"<</S/JavaScript/JS(AFDate_FormatEx\\('dd/mm/yyyy'\\);)>>"


# What honest tools make


@pytest.mark.parametrize("apres", [b"\x00" * 3_000, b"\r\n" * 900, b"<!-- sent by a gateway -->" * 90])
def test_des_octets_apres_la_fin_n_empechent_pas_de_lire(apres: bytes) -> None:
    assert codes(une_page() + apres) == []


@pytest.mark.parametrize("ecart", [-40, -1, 1, 2, 9_000])
def test_une_table_des_objets_mal_placee_n_empeche_pas_de_lire(ecart: int) -> None:
    def decaler(fin: bytes) -> bytes:
        tete, _, reste = fin.partition(b"startxref\n")
        place = int(reste.split()[0]) + ecart
        return tete + b"startxref\n%d\n%%%%EOF\n" % place

    assert codes(ecrire({2: PAGES, 3: PAGE, 4: deflate(TEXTE), 5: flux(TEXTE)}, table=decaler)) == []


def test_des_places_fausses_dans_la_table_n_empechent_pas_de_lire() -> None:
    juste = une_page(deflate(TEXTE))
    assert codes(juste.replace(b"obj\n<</Type/Catalog", b"obj\n\n\n\n<</Type/Catalog")) == []


def test_une_longueur_de_flux_fausse_n_empeche_pas_de_lire() -> None:
    assert codes(une_page(flux(TEXTE).replace(b"/Length 28", b"/Length 31"))) == []


def test_une_facture_signee_puis_completee_est_acceptee() -> None:
    signe = une_page(o7=b"<</Type/Sig/Filter/Adobe.PPKLite/ByteRange[0 10 20 30]/Contents<00>>>")
    place, ancienne = len(signe), signe.rindex(b"xref\n0")
    ajout = b"3 0 obj\n" + PAGE + b"\nendobj\n"
    suite = b"xref\n3 1\n%010d 00000 n \ntrailer\n<</Size 8/Root 1 0 R/Prev %d>>\n" % (place, ancienne)
    fin = b"startxref\n%d\n%%%%EOF\n" % (place + len(ajout))
    assert codes(signe + ajout + suite + fin) == []


@pytest.mark.parametrize("niveau", [3, 4, 6])
def test_un_pdf_protege_contre_la_seule_modification_est_accepte(niveau: int) -> None:
    protection = pikepdf.Encryption(
        owner="proprietaire", user="", R=niveau, aes=niveau > 3, metadata=niveau > 3
    )
    assert codes(pdf(2, encryption=protection)) == []


def test_un_pdf_qui_demande_un_mot_de_passe_est_refuse() -> None:
    ferme = pdf(encryption=pikepdf.Encryption(owner="proprietaire", user="secret"))
    assert codes(ferme) == ["4113"]
    assert "mot de passe à l'ouverture" in phrases(ferme)


def test_un_pdf_chiffre_pour_certains_est_dit_protege_et_non_abime() -> None:
    def chiffrer(fin: bytes) -> bytes:
        return fin.replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[<00><00>]/Encrypt<</Filter/Adobe.PubSec/V 4>>")

    assert codes(ecrire({2: PAGES, 3: PAGE, 4: flux(TEXTE), 5: flux(TEXTE)}, table=chiffrer)) == ["4113"]


def test_un_nom_en_latin_1_dans_un_formulaire_est_accepte() -> None:
    case = b"<</Subtype/Widget/FT/Btn/AP<</N<</Pay#E9 4 0 R>>>>/AS/Pay#E9/A<</S/GoTo/D/#E9>>>>"
    assert codes(une_page(o7=case)) == []


@pytest.mark.parametrize(
    "contenu",
    [
        deflate(TEXTE),
        deflate(b""),
        flux(b"", b"/Filter/FlateDecode"),
        flux(zlib.compress(TEXTE)[:-4], b"/Filter/FlateDecode"),
        flux(zlib.compress(TEXTE)[:-4] + b"\x00" * 4, b"/Filter[/FlateDecode]"),
        flux(base64.a85encode(zlib.compress(TEXTE)) + b"~>", b"/Filter[/ASCII85Decode/FlateDecode]"),
        flux(TEXTE.hex().encode() + b">", b"/Filter/ASCIIHexDecode"),
        flux(b"\x1b" + TEXTE + b"\x80", b"/Filter/RunLengthDecode"),
        flux(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"/Filter/LZWDecode"),
        flux(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01", b"/Filter/L#5AWDecode"),
    ],
)
def test_tous_les_filtres_ordinaires_sont_lus(contenu: bytes) -> None:
    assert codes(une_page(contenu)) == []


# What nobody can read


@pytest.mark.parametrize(
    "contenu",
    [
        flux(ABIME, b"/Filter/FlateDecode"),
        flux(zlib.compress(TEXTE * 90)[:-20], b"/Filter/FlateDecode"),
        flux(b"pas du zlib", b"/Filter/FlateDecode"),
        flux(b"zz>", b"/Filter/ASCIIHexDecode"),
        flux(b"\xff\xff\xff\xff", b"/Filter/LZWDecode"),
        flux(TEXTE, b"/Filter/Inconnu"),
        b"<</Pas/UnFlux>>",
    ],
)
def test_une_page_illisible_est_refusee_par_son_numero(contenu: bytes) -> None:
    refusee = plusieurs_pages([flux(TEXTE), deflate(TEXTE), contenu])
    assert codes(refusee) == ["4119"]
    assert "La page 3 du PDF « a.pdf » est illisible : aucun lecteur ne peut l'afficher" in phrases(refusee)


def test_plusieurs_pages_illisibles_sont_citees_ensemble() -> None:
    mauvais = flux(ABIME, b"/Filter/FlateDecode")
    assert "Les pages 1 et 3 du PDF" in phrases(plusieurs_pages([mauvais, flux(TEXTE), mauvais]))
    assert "Les pages 1, 2, 3, 4, 5 et 2 autres du PDF" in phrases(plusieurs_pages([mauvais] * 7))


JPEG = image("JPEG", (64, 64))


@pytest.mark.parametrize(
    ("dessin", "attendu"),
    [
        (flux(JPEG, b"/Subtype/Image/Width 64/Height 64/Filter/DCTDecode"), []),
        (flux(zlib.compress(JPEG), b"/Subtype/Image/Filter[/FlateDecode/DCTDecode]"), []),
        (flux(JPEG[:-40], b"/Subtype/Image/Filter/DCTDecode"), ["4119"]),
        (flux(b"\x00" * 99, b"/Subtype/Image/Filter/DCTDecode"), ["4119"]),
        (flux(b"\x00" * 99, b"/Subtype/Image/Filter/JPXDecode"), ["4119"]),
        (flux(b"\x00" * 99, b"/Subtype/Image/Filter/CCITTFaxDecode"), []),
        (flux(ABIME, b"/Subtype/Image/Filter/FlateDecode"), ["4119"]),
        (flux(ABIME, b"/Subtype/Form/Filter/FlateDecode"), ["4119"]),
        (flux(TEXTE, b"/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 8"), ["4116"]),
        (flux(TEXTE, b"/Subtype/Image/Width 20000/Height 20000/BitsPerComponent 1"), []),
    ],
)
def test_l_image_ou_le_formulaire_d_une_page_est_lu_aussi(dessin: bytes, attendu: list[str]) -> None:
    assert codes(une_page(dessin=dessin)) == attendu


def test_une_image_abimee_rend_illisible_chaque_page_qui_la_montre_meme_au_fond_d_un_formulaire() -> None:
    pages = {2: b"<</Type/Pages/Kids[3 0 R 6 0 R 7 0 R]/Count 3/Resources<</XObject<</X 5 0 R>>>>>>"}
    for numero in (3, 6):
        pages[numero] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"
    pages[7] = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>"
    pages[5] = flux(ABIME, b"/Subtype/Image/Filter/FlateDecode")
    assert "Les pages 1 et 2 du PDF" in phrases(ecrire(pages))
    forme = flux(b"/X Do", b"/Subtype/Form/Resources<</XObject<</X 8 0 R/Y 5 0 R>>>>")
    assert codes(une_page(dessin=forme, o8=pages[5])) == ["4119"]


def test_une_page_annoncee_qui_manque_est_dite() -> None:
    seule = {2: b"<</Type/Pages/Kids[3 0 R 8 0 R]/Count 2>>", 3: PAGE, 4: flux(TEXTE), 5: flux(TEXTE)}
    assert codes(ecrire(seule)) == ["4112"]
    assert "annonce 2 pages, 1 seulement s'y trouve" in phrases(ecrire(seule))
    for compte, attendu in ((1, []), (2, ["4112"])):
        arbre = zlib.compress(b"9 0 <</Type/Pages/Kids[3 0 R 8 0 R]/Count %d>>" % compte)
        assert codes(avec_table_compressee(arbre, pages=b"9 0 R")) == attendu


@pytest.mark.parametrize(
    "perdre",
    [
        lambda octets: octets.replace(b"5 0 obj", b"5 0 xxx"),  # an object that the page speaks of
        lambda octets: octets.replace(b"%%EOF", b""),
        lambda octets: octets[: octets.index(b"xref")],
        lambda octets: octets + b"9 0 obj\n<</Type/",  # a later version, cut
    ],
)
def test_un_pdf_repare_n_est_accepte_que_si_rien_n_est_perdu(perdre) -> None:  # type: ignore[no-untyped-def]
    decale = une_page(deflate(TEXTE)).replace(b"startxref\n", b"startxref\n9")
    assert codes(decale) == []
    assert codes(perdre(decale)) == ["4112"]


# What acts on its reader


def champ(action: bytes, evenement: bytes = b"/F") -> bytes:
    return b"<</Subtype/Widget/FT/Tx/T(date)/AA<<" + evenement + action + b">>>>"


@pytest.mark.parametrize("evenement", [b"/K", b"/F", b"/V", b"/C"])
def test_le_format_d_un_champ_date_est_accepte(evenement: bytes) -> None:
    assert codes(une_page(o7=champ(SCRIPT, evenement))) == []
    assert codes(une_page(o7=champ(b" 8 0 R", evenement), o8=SCRIPT)) == []
    evenements = b"<<" + evenement + SCRIPT + b">>"
    assert codes(une_page(o7=b"<</FT/Tx/AA 8 0 R>>", o8=evenements)) == []
    suite = SCRIPT[:-2] + b"/Next 8 0 R>>"
    assert codes(une_page(o7=champ(suite, evenement), o8=SCRIPT)) == []


@pytest.mark.parametrize(
    ("racine", "objet"),
    [
        (b"/OpenAction 7 0 R", SCRIPT),
        (b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next 7 0 R>>", SCRIPT),
        (b"/Names<</JavaScript<</Names[(a) 7 0 R]>>>>", SCRIPT),
        (b"/AA<</K 7 0 R>>", SCRIPT),
        (b"", champ(SCRIPT, b"/E")),
        (b"", b"<</Subtype/Link/A" + SCRIPT + b">>"),
        (b"", b"<</JS(1)>>"),
        (b"", b"[<<>>[<</S/JavaScript>>]]"),
        (b"", b"<</S/J#61vaScript>>"),
    ],
)
def test_un_script_ailleurs_que_dans_un_champ_est_refuse(racine: bytes, objet: bytes) -> None:
    assert codes(une_page(racine=racine, o7=objet)) == ["4114"]


@pytest.mark.parametrize(
    "racine", [b"/OpenAction 7 0 R", b"/AA<</K 7 0 R>>", b"/Names<</JavaScript<</Names[(a) 7 0 R]>>>>"]
)
def test_un_script_qu_un_champ_execute_aussi_reste_refuse_ailleurs(racine: bytes) -> None:
    assert codes(une_page(o7=SCRIPT, o8=champ(b" 7 0 R"))) == []
    assert codes(une_page(racine=racine, o7=SCRIPT, o8=champ(b" 7 0 R"))) == ["4114"]


@pytest.mark.parametrize("quand", [b"/O", b"/C", b"/F", b"/K"])
def test_un_script_a_l_ouverture_d_une_page_est_refuse(quand: bytes) -> None:
    page = PAGE[:-2] + b"/AA<<" + quand + SCRIPT + b">>>>"
    assert codes(ecrire({2: PAGES, 3: page, 4: flux(TEXTE), 5: flux(TEXTE)})) == ["4114"]


@pytest.mark.parametrize(
    "action",
    [
        b"<</S/Launch/F(a.exe)>>",
        b"<</S/GoToR/F(\\\\\\\\hote.example\\\\partage\\\\x.pdf)/D[0/Fit]>>",
        b"<</S/GoToE>>",
        b"<</S/SubmitForm/F(https://hote.example)>>",
        b"<</S/ImportData/F(a.fdf)>>",
        b"<</S/Rendition>>",
        b"<</S/Inconnue>>",
        b"<</S/Named/N/SaveAs>>",
        b"<</S/URI/URI(file://hote.example/partage)>>",
        b"<</S/URI/URI(\\\\\\\\hote.example\\\\partage)>>",
        b"<</S/URI/URI(javascript:alert\\(1\\))>>",
    ],
)
@pytest.mark.parametrize("place", [b"/OpenAction", b"/A", b"/PA"])
def test_une_action_hors_de_la_liste_est_refusee_ou_qu_elle_soit(place: bytes, action: bytes) -> None:
    objet = b"<</Subtype/Link" + place + action + b">>"
    assert codes(une_page(o7=objet)) == ["4114"]
    assert codes(une_page(o7=b"<</Subtype/Link" + place + b" 8 0 R>>", o8=action)) == ["4114"]
    suite = b"<</S/GoTo/D[3 0 R/Fit]/Next[" + action + b"]>>"
    assert codes(une_page(o7=b"<</Subtype/Link" + place + suite + b">>")) == ["4114"]


@pytest.mark.parametrize(
    ("action", "seule"),
    [
        (b"<</S/GoTo/D[3 0 R/Fit]>>", True),
        (b"<</S/Named/N/NextPage>>", True),
        (b"<</S/URI/URI(https://www.sante.example/)>>", False),
        (b"<</S/URI/URI(mailto:a@b.example)>>", False),
        (b"<</S/URI/URI(www.sante.example)>>", False),
        (b"<</S/ResetForm>>", False),
    ],
)
def test_ce_qui_reste_dans_le_document_est_accepte_et_le_web_au_clic_seulement(
    action: bytes, seule: bool
) -> None:
    assert codes(une_page(o7=b"<</Subtype/Link/A" + action + b">>")) == []
    assert codes(une_page(racine=b"/OpenAction" + action)) == ([] if seule else ["4114"])


@pytest.mark.parametrize(
    ("racine", "objet", "attendu"),
    [
        (b"/AcroForm<</XFA 7 0 R/Fields[]>>", flux(b"<xdp/>"), "un formulaire XFA"),
        (b"/NeedsRendering true", b"1", "un formulaire XFA"),
        (b"/URI<</Base(file:///c:/)>>", b"1", "un partage réseau"),
        (b"", b"<</Subtype/RichMedia>>", "un contenu multimédia"),
        (b"", b"<</OnInstantiate 4 0 R>>", "un contenu multimédia"),
        (b"", flux(b"", b"/F(\\\\\\\\hote.example\\\\x)"), "dans un autre fichier"),
    ],
)
def test_ce_que_seuls_certains_lecteurs_font_est_refuse_et_nomme(
    racine: bytes, objet: bytes, attendu: str
) -> None:
    refuse = une_page(racine=racine, o7=objet)
    assert codes(refuse) == ["4114"]
    assert attendu in phrases(refuse)


@pytest.mark.parametrize(
    "objet", [b"<</Type/StructElem/S/P/K 0>>", b"<</Type/Group/S/Transparency>>", b"<</A<</O/Layout>>>>"]
)
def test_un_nom_qui_n_est_pas_celui_d_une_action_n_inquiete_pas(objet: bytes) -> None:
    assert codes(une_page(o7=objet)) == []


# What would cost too much


def jointes(nombre: int, contenu: bytes) -> bytes:
    return ecrire(
        {2: PAGES, 3: PAGE, 4: flux(TEXTE), 5: flux(TEXTE), 6: contenu}
        | {10 + i: b"<</Type/Filespec/F(x.xml)/EF<</F 6 0 R>>>>" for i in range(nombre)}
    )


def test_une_piece_incorporee_citee_cent_fois_est_lue_une_fois(monkeypatch: pytest.MonkeyPatch) -> None:
    lues = []
    lire = pdf_actions.blocs_de
    monkeypatch.setattr(
        pdf_actions, "blocs_de", lambda flux, poids: lues.append(flux.objgen) or lire(flux, poids)
    )
    assert codes(jointes(pdf_actions.JOINTES_MAX, deflate(b"<x/>"))) == []
    assert lues == [(6, 0)]
    assert codes(jointes(pdf_actions.JOINTES_MAX + 1, deflate(b"<x/>"))) == ["4190"]


def lzw(taille: int) -> bytes:
    return flux(lzw_qui_enfle(taille), b"/Filter/LZWDecode")


def plusieurs_pages_d_un_formulaire(pages: int, dessins: int) -> bytes:
    """Each page has resources of its own, where one form shows many drawings."""
    objets = {
        2: b"<</Kids[" + b"".join(b"%d 0 R " % (10 + i) for i in range(pages)) + b"]/Count %d>>" % pages
    }
    objets[4] = flux(b"", b"/Subtype/Form")
    montres = b"".join(b"/D%d 4 0 R" % i for i in range(dessins))
    objets[5] = flux(b"", b"/Subtype/Form/Resources<</XObject<<" + montres + b">>>>")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>>>"
    return ecrire(objets | {10 + i: page for i in range(pages)})


BOMBES = {
    "flate": une_page(deflate(b"q Q " * (18 * MO))),
    "flate deux fois": une_page(
        flux(zlib.compress(zlib.compress(b"q Q " * (40 * MO), 1), 9), b"/Filter[/FlateDecode/FlateDecode]")
    ),
    "lzw": une_page(lzw(80_000)),
    "longueurs": une_page(flux(b"\x81 " * 600_000, b"/Filter/RunLengthDecode")),
    "cinq filtres": une_page(flux(TEXTE, b"/Filter[" + b"/ASCIIHexDecode" * 5 + b"]")),
    "jointe flate": jointes(1, deflate(bytes(40 * MO))),
    "jointe lzw": jointes(1, lzw(50_000)),
    "objets": une_page(o7=b"[" + b"1 " * 700_000 + b"]"),
    "objets derrière un faux flux": une_page(o7=b"[(\\)<<>>stream\n)" + b"[]" * 700_000 + b"(endstream)]"),
    "objets comprimés": avec_table_compressee(zlib.compress(b"9 0 [" + b"1 " * 700_000 + b"]")),
    "filtre ailleurs": avec_table_compressee(b"", b" 9 0 R"),
    "pages": plusieurs_pages([flux(b"")] * 2_001),
    "dessins": plusieurs_pages_d_un_formulaire(300, 2_000),
}


@pytest.mark.parametrize("nom", sorted(BOMBES))
def test_ce_qui_demanderait_trop_de_travail_est_refuse_avant_d_etre_fait(
    nom: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    faits: list[int] = []
    compter = pdf_pages.Compteur.compter

    def noter(self, blocs):  # type: ignore[no-untyped-def]
        for bloc in compter(self, blocs):
            faits.append(len(bloc))
            yield bloc

    monkeypatch.setattr(pdf_pages.Compteur, "compter", noter)
    assert codes(BOMBES[nom]) == ["4190"]
    assert "demande trop de travail" in phrases(BOMBES[nom])
    assert sum(faits) <= 2 * pdf_pages.CONTENUS_MAX


def test_des_actions_qui_se_suivent_en_rond_sont_lues_une_fois() -> None:
    assert codes(une_page(racine=b"/OpenAction 7 0 R", o7=b"<</S/GoTo/D[3 0 R]/Next 7 0 R>>")) == []


@pytest.mark.parametrize("filtre", [b"/LZWDecode", b"/LZW", b"/#4cZWDecode"])
def test_qpdf_ne_decomprime_jamais_de_lzw(filtre: bytes) -> None:
    """Its LZW knows no limit: tables so packed make a document that does not open."""
    structure = avec_table_compressee(lzw_qui_enfle(9_000), filtre)
    with pikepdf.open(io.BytesIO(pdf_structure.neutraliser_lzw(structure))) as document:
        assert b"LZX" in document.get_object(5, 0).stream_dict.unparse()
    assert codes(structure) in (["4112"], ["4190"])


def test_trop_d_images_sont_prises_telles_quelles_plutot_que_refusees(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf_pages, "IMAGES_MAX", 10)
    grande = deflate(bytes(99)).replace(b"<<", b"<</Subtype/Image", 1)
    assert codes(une_page(dessin=grande)) == []


@pytest.mark.parametrize(
    ("limite", "valeur"), [("OBJETS_MAX", 3), ("STRUCTURE_MAX", 3), ("NOEUDS_MAX", 3), ("REPARES_MAX", 3)]
)
def test_la_structure_a_ses_limites(limite: str, valeur: int, monkeypatch: pytest.MonkeyPatch) -> None:
    document = pdf(2, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    decale = une_page().replace(b"startxref\n", b"startxref\n9")
    assert codes(document) == codes(decale) == []
    monkeypatch.setattr(pdf_structure, limite, valeur)
    attendu = (["4112"], decale) if limite == "REPARES_MAX" else (["4190"], document)
    assert codes(attendu[1]) == attendu[0]


def test_un_document_repare_est_lu_en_entier_dans_une_limite(monkeypatch: pytest.MonkeyPatch) -> None:
    decale = une_page(o7=deflate(bytes(9_999))).replace(b"startxref\n", b"startxref\n9")
    monkeypatch.setattr(pdf_structure, "REPARE_MAX", 5_000)
    assert codes(decale) == ["4190"]


def test_les_limites_de_qpdf_sont_posees() -> None:
    limites = pikepdf.settings.get_qpdf_limits()
    for nom in ("flate_max_memory", "run_length_max_memory", "png_max_memory", "tiff_max_memory"):
        assert limites[nom] == pdf_structure.STRUCTURE_MAX
    assert limites["parser_max_nesting"] == 100
    assert module_pdf.PAGES_MAX == 2_000


def test_une_incorporee_executable_est_refusee_meme_citee_apres_une_saine() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["a.xml"] = b"<x/>"
    document.attachments["b.xml"] = b"MZ\x90\x00"
    assert codes(enregistrer(document)) == ["4114"]
