// A part of the page that can be folded away, and stays so in this browser.

const KEY = "storemon.folded";

function recall() {
  try {
    return localStorage.getItem(KEY) === "yes";
  } catch {
    return false;
  }
}

function remember(folded) {
  try {
    localStorage.setItem(KEY, folded ? "yes" : "no");
  } catch {
    // Not allowed: it is forgotten with the page.
  }
}

// The button says what it would do: "Hide" or "Show", and what.
export function foldable(button, place, what) {
  const show = (folded) => {
    place.hidden = folded;
    button.textContent = `${folded ? "Show" : "Hide"} ${what}`;
    button.ariaExpanded = String(!folded);
  };
  button.addEventListener("click", () => {
    show(!place.hidden);
    remember(place.hidden);
  });
  show(recall());
}
