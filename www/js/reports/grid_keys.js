// A field of buttons as one stop of the Tab key: the arrow keys lead from one
// to the next, Home and End along the row, Page Up and Page Down to the first
// and the last of all.

const STEPS = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (at, width) => -width,
  ArrowDown: (at, width) => width,
  Home: (at, width) => -(at % width),
  End: (at, width) => width - 1 - (at % width),
  PageUp: (at) => -at,
  PageDown: (at, width, length) => length - 1 - at,
};

// buttons: row after row, each row so many wide.
export function gridKeys(place, buttons, width) {
  const settle = (at) => buttons.forEach((button, i) => {
    button.tabIndex = i === at ? 0 : -1;
  });
  place.addEventListener("focusin", ({ target }) => {
    const at = buttons.indexOf(target);
    if (at >= 0) settle(at);
  });
  place.addEventListener("keydown", (event) => {
    const at = buttons.indexOf(event.target);
    const step = STEPS[event.key];
    if (at < 0 || !step || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    event.preventDefault();
    buttons[at + step(at, width, buttons.length)]?.focus();
  });
  settle(0);
}
