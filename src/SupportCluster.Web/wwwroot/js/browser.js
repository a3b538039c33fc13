// What only the browser can do: keep a token, and take one from the address of a wall display's link.
export function begin(key) {
  return {
    token: token(key),
    language: navigator.language,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC",
    ...document.documentElement.dataset,
  };
}

function token(key) {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.removeItem(key);
    localStorage.setItem(key, given);
    history.replaceState(history.state, "", location.pathname + location.search);
    return given;
  }

  return sessionStorage.getItem(key) ?? localStorage.getItem(key);
}

export function keep(key, value) {
  sessionStorage.setItem(key, value);
}

export function forget(key) {
  sessionStorage.removeItem(key);
  localStorage.removeItem(key);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// Keys outside of fields. Moving along lists needs no program.
export function keys(listener) {
  document.addEventListener("keydown", e => {
    if (e.ctrlKey || e.metaKey || e.altKey || e.defaultPrevented) {
      return;
    }

    const field = e.target.closest?.("input, textarea, select, [contenteditable]");
    if (e.key === "Escape") {
      field?.blur();
    } else if (field) {
      return;
    } else if (e.key === "/") {
      document.querySelector("main input[type=search]")?.focus();
      e.preventDefault();
    } else if (e.key === "j" || e.key === "k") {
      const rows = [...document.querySelectorAll("main .list tbody a, main .cases a")];
      const at = rows.indexOf(document.activeElement) + (e.key === "j" ? 1 : -1);
      rows[Math.max(0, Math.min(rows.length - 1, at))]?.focus();
    }

    listener.invokeMethodAsync("Press", e.key);
  });
}

// The sound of a case that rings: two short tones every two seconds, until it is told to stop.
let context, ringing;
export function ring(on) {
  clearInterval(ringing);
  ringing = undefined;
  if (on) {
    context ??= new AudioContext();
    context.resume();
    sound();
    ringing = setInterval(sound, 2000);
  }
}

function sound() {
  for (const [after, pitch] of [[0, 660], [0.22, 880]]) {
    const [tone, volume, at] = [context.createOscillator(), context.createGain(), context.currentTime + after];
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.0001, at);
    volume.gain.exponentialRampToValueAtTime(0.25, at + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.2);
    tone.connect(volume).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.22);
  }
}

export function setting(key, value) {
  if (value === undefined || value === null) {
    return localStorage.getItem(key);
  }

  localStorage.setItem(key, value);
  return value;
}
