"""Where sessions are kept: Django's database store, plus whose each one is and from which device."""

from datetime import datetime, timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore as SessionsEnBase
from django.db.models import QuerySet

from segurnum.comptes.models import SessionOuverte, Utilisateur
from segurnum.regles.calendrier import maintenant

APPAREIL, RESEAU, OUVERTE_LE, VUE_LE, CONFIRMEE_LE = (
    "appareil",
    "reseau",
    "ouverte_le",
    "vue_le",
    "confirmee_le",
)
# How long a password, or a factor, that was asked for anew counts for what needs it.
CONFIRMATION = timedelta(minutes=10)
SYSTEMES = ("Windows", "Android", "iPhone", "iPad", "Mac", "Linux")
# Order matters: each of these browsers also names the ones after it.
NAVIGATEURS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}


class SessionStore(SessionsEnBase):
    """The session engine of the portal (setting SESSION_ENGINE)."""

    def _validate_session_key(self, key: str | None) -> bool:
        """The keys that this store makes; a cookie can hold any sign, NUL included, that no column can."""
        return key is not None and key.isascii() and key.isalnum() and 8 <= len(key) <= 40

    @classmethod
    def get_model_class(cls) -> type[SessionOuverte]:
        return SessionOuverte

    def create_model_instance(self, data: dict[str, Any]) -> SessionOuverte:
        ligne = cast(SessionOuverte, super().create_model_instance(data))
        ligne.utilisateur_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        ligne.appareil = data.get(APPAREIL, "")
        ligne.reseau = data.get(RESEAU, "")
        ligne.ouverte_le = _instant(data.get(OUVERTE_LE))
        ligne.vue_le = _instant(data.get(VUE_LE))
        return ligne


def _instant(texte: str | None) -> datetime:
    return datetime.fromisoformat(texte) if texte else maintenant()


def marquer_l_ouverture(session: SessionBase) -> None:
    """Write in a session that has just been signed in when it was: its age and its proof count from there."""
    session[OUVERTE_LE] = session[VUE_LE] = session[CONFIRMEE_LE] = maintenant().isoformat()


def marquer_l_origine(session: SessionBase, appareil: str, reseau: str) -> None:
    """Write from what and where a session is used, for its person to recognise it."""
    session[APPAREIL], session[RESEAU] = appareil, reseau


def marquer_la_confirmation(session: SessionBase) -> None:
    """The person of this session has just proved again that it is them."""
    session[CONFIRMEE_LE] = maintenant().isoformat()


def confirmee(session: SessionBase) -> bool:
    """Whether the person proved lately that it is them, by signing in or when asked."""
    instant = session.get(CONFIRMEE_LE)
    return instant is not None and maintenant() - datetime.fromisoformat(instant) < CONFIRMATION


def trop_ancienne(session: SessionBase) -> bool:
    """A session ends some hours after it was opened, whatever is done meanwhile (setting SESSION_FIN)."""
    age = maintenant() - _instant(session.get(OUVERTE_LE))
    return age > timedelta(seconds=settings.SESSION_FIN)


def decrire_appareil(agent_utilisateur: str) -> str:
    """« Firefox sur Windows », from what the browser says of itself."""
    navigateur = next(
        (nom for signe, nom in NAVIGATEURS.items() if signe in agent_utilisateur), "Navigateur inconnu"
    )
    systeme = next((nom for nom in SYSTEMES if nom in agent_utilisateur), "un appareil inconnu")
    return f"{navigateur} sur {systeme}"


def sessions_de(utilisateur: Utilisateur) -> QuerySet[SessionOuverte]:
    """The person's open sessions, the last seen first."""
    return SessionOuverte.objects.filter(utilisateur=utilisateur, expire_date__gt=maintenant()).order_by(
        "-vue_le"
    )


def fermer(utilisateur: Utilisateur, *, sauf: str | None = None) -> int:
    """Close the person's sessions, all or all but one (`sauf`, its key). Returns how many were closed."""
    ouvertes = SessionOuverte.objects.filter(utilisateur=utilisateur)
    if sauf is not None:
        ouvertes = ouvertes.exclude(session_key=sauf)
    return ouvertes.delete()[0]


def fermer_une(utilisateur: Utilisateur, *, repere: str) -> bool:
    """Close one of the person's sessions. False when it is no longer open, or is another person's."""
    for session in SessionOuverte.objects.filter(utilisateur=utilisateur):
        if session.repere == repere:
            session.delete()
            return True
    return False
