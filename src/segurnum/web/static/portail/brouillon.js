// Keeps what is typed in form[data-brouillon] while it is typed. Without it, a button does the same.
// Each sending says its rank among those of its page: the server tells a late one from another tab's (regles/saisies.py).

const DELAI = 800; // milliseconds without a key
const REFUSEE =
  "Votre saisie n'est plus enregistrée : votre session est terminée, ou cette demande a été modifiée ailleurs. Copiez ce que vous venez de taper, puis rechargez la page.";
const NOUVEL_ESSAI = 30_000; // milliseconds, while a part of the portal is down
const COUPEE = "La saisie n'a pas pu être enregistrée : vérifiez votre connexion.";
const QUITTEE = "page-de-saisie-quittee"; // the page of this tab whose last save may still be on its way
let attente;
let dernier;
let rang = 0; // of the last sending
let interruption = new AbortController();
const suit = sessionStorage.getItem(QUITTEE) ?? "";
sessionStorage.removeItem(QUITTEE);

async function garder(formulaire, enPartant = false) {
  clearTimeout(attente);
  attente = undefined;
  const donnees = new FormData(formulaire);
  for (const champ of formulaire.querySelectorAll('input[type="file"]')) donnees.delete(champ.name);
  donnees.set("geste", "enregistrer");
  const celui = rang;
  try {
    const reponse = await fetch(formulaire.action, {
      method: "POST",
      body: donnees,
      headers: { "X-Brouillon": "oui", Accept: "application/json" },
      keepalive: enPartant, // a browser keeps few octets alive: only when there is no other way
      redirect: "manual",
      signal: enPartant ? undefined : interruption.signal,
    });
    if (reponse.headers.has("X-Panne")) {
      const { phrase } = await reponse.json();
      dire(formulaire, `${phrase} Votre saisie reste dans cette page, et le portail essaiera de nouveau.`, true);
      attente = setTimeout(() => garder(formulaire), NOUVEL_ESSAI);
      return;
    }
    const gardee = reponse.status === 204;
    if (celui === rang && !attente) dernier = undefined; // until then, leaving would cut it on its way
    dire(formulaire, gardee ? "Saisie enregistrée, pas encore envoyée." : REFUSEE, !gardee);
  } catch (erreur) {
    if (erreur.name !== "AbortError") dire(formulaire, COUPEE, true);
  }
}

function dire(formulaire, phrase, alerte) {
  const etat = formulaire.querySelector("[data-etat-brouillon]");
  etat.textContent = phrase;
  etat.classList.toggle("portail-rouge", alerte);
}

// However the form is sent: kept, with its files, or by the browser itself.
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.elements.page) return;
  rang += 1;
  formData.set("rang", rang);
  formData.set("suit", suit);
});

document.addEventListener("input", ({ target }) => {
  const formulaire = target.closest?.("form[data-brouillon]");
  if (!formulaire || target.type === "file" || formulaire.dataset.enCours) return;
  clearTimeout(attente);
  dernier = formulaire;
  attente = setTimeout(() => garder(formulaire), DELAI);
});

// What is being sent needs not be kept apart; what is left behind does.
document.addEventListener(
  "submit",
  ({ target }) => {
    if (!target.elements.page) return;
    clearTimeout(attente);
    interruption.abort(); // what is sent now holds all of it
    interruption = new AbortController();
    dernier = undefined;
  },
  { capture: true },
);
window.addEventListener("pagehide", () => {
  if (!dernier) return;
  sessionStorage.setItem(QUITTEE, dernier.elements.page.value);
  garder(dernier, true);
});
// Shown again as it was left, the page may be older than its draft: it is read again.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted && document.querySelector("form[data-brouillon]")) window.location.reload();
});
