// A corrected value turns green while it is typed, and says what it was (the server draws the same).

function marquer(champ) {
  const zone = champ.closest("[data-avant]");
  if (!zone) return;
  const change = champ.value.trim() !== zone.dataset.avant;
  zone.classList.toggle("portail-modifie", change);
  zone.querySelector("[data-mention]").hidden = !change;
}

for (const evenement of ["input", "change"]) {
  document.addEventListener(evenement, ({ target }) => marquer(target));
}
