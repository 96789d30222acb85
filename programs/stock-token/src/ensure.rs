//! Guards, in Anchor's words. Anchor's own macros build an error with its file and line at each of the places where one
//! stands: a few hundred bytes a guard.

macro_rules! ensure {
    ($holds:expr, $refusal:expr) => {
        if !($holds) {
            return Err($refusal.into());
        }
    };
}

macro_rules! ensure_same {
    ($one:expr, $other:expr, $refusal:expr) => {
        match (&$one, &$other) {
            (one, other) if one != other => {
                return Err($crate::errors::addresses($refusal.into(), one, other));
            }
            _ => {}
        }
    };
}

macro_rules! ensure_other {
    ($one:expr, $other:expr, $refusal:expr) => {
        match (&$one, &$other) {
            (one, other) if one == other => {
                return Err($crate::errors::addresses($refusal.into(), one, other));
            }
            _ => {}
        }
    };
}

/// Tell an event of the instruction whose context is named.
macro_rules! tell {
    ($ctx:expr, $event:expr) => {
        $crate::events::tell(&$ctx.accounts.event_authority, &$event)?
    };
}
