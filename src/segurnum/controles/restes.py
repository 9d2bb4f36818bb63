"""What systems, synchronisers and office software leave in folders by themselves, and nobody means to send."""

from __future__ import annotations

import re

# Folders with all that is in them; the names are compared without letter case.
_DOSSIERS = frozenset(
    {
        "__macosx", ".spotlight-v100", ".trashes", ".fseventsd", ".temporaryitems", ".documentrevisions-v100",
        ".appledouble", ".appledb", ".appledesktop", "network trash folder", "temporary items",
        "@eadir", "#recycle", "#snapshot", "@recycle", "@recently-snapshot", ".@__thumb", ".@__comments",
        ".stfolder", ".stversions", ".dropbox.cache", ".sync", ".owncloudsync", ".trash",
        "$recycle.bin", "system volume information", ".thumbnails",
    }
)  # fmt: skip
_FICHIERS = frozenset(
    {
        ".ds_store", ".localized", ".volumeicon.icns", "icon\r", ".apdisk",
        "thumbs.db", "ehthumbs.db", "ehthumbs_vista.db", "desktop.ini", "autorun.inf",
        ".directory", ".nomedia", ".stignore", ".dropbox", ".dropbox.attr", ".owncloudsync.log",
    }
)  # fmt: skip
# Sidecars of macOS and of a NAS, owner's marks and temporary files of Office and LibreOffice.
_MOTIFS = re.compile(
    r"\._.*|.*@synoeastream|.*@synoresource|~\$.*|~wr[a-z][0-9]+\.tmp|\.~lock\..*#|\.syncthing\..*|\.smbdelete.*"
    r"|\.fuse_hidden.*|\.nfs[0-9a-f]{8,}|\.trash-[0-9]+",
    re.DOTALL,
)


def est_un_reste(chemin: str) -> bool:
    """True for a path (separated by « / ») that was left there by a program."""
    *dossiers, nom = chemin.casefold().split("/")
    return (
        nom in _FICHIERS
        or _MOTIFS.fullmatch(nom) is not None
        or any(dossier in _DOSSIERS or _MOTIFS.fullmatch(dossier) for dossier in dossiers)
    )
