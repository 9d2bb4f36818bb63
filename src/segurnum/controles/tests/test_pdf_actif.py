"""What a PDF may do on its reader is a list; whatever is not on it is refused, wherever it is."""

from __future__ import annotations

import pikepdf
import pytest

from .fabrique_pdf import PAGE, PAGES, TEXTE, codes, ecrire, flux, phrases, une_page
from .fabrique_pieces import enregistrer

SCRIPT = b"<</S/JavaScript/JS(AFDate_FormatEx\\('dd/mm/yyyy'\\);)>>"


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


def test_une_incorporee_executable_est_refusee_meme_citee_apres_une_saine() -> None:
    document = pikepdf.new()
    document.add_blank_page()
    document.attachments["a.xml"] = b"<x/>"
    document.attachments["b.xml"] = b"MZ\x90\x00"
    assert codes(enregistrer(document)) == ["4114"]
