//! Nothing to run: this crate pins `litesvm`, whose package holds the Token-2022 binary that LiteSVM tests load.
