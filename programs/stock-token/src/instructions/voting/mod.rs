//! What is on record about meetings and other actions. Votes are not taken here: holders instruct the custodian.
mod publish_document;

pub(crate) use publish_document::*;
