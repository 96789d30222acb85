//! The sanctions list: who signs it, publishing it, and looking an address up in it.
mod publish_list;
mod screen;
mod set_sanctions_oracle;
mod suspend_sanctions_oracle;

pub(crate) use publish_list::*;
pub(crate) use screen::*;
pub(crate) use set_sanctions_oracle::*;
pub(crate) use suspend_sanctions_oracle::*;
