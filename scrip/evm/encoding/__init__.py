"""Values as an Ethereum-family chain takes and gives them: calldata, words, typed data, reasons of a refusal."""
