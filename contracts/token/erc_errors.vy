# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title erc_errors
@license AGPL-3.0-only
@notice The custom errors that ERC-6093, ERC-7943 and ERC-2612 name, raised by their selectors (Vyper has no error declarations).
"""


@internal
@pure
def _invalid_sender(sender: address):
    raw_revert(abi_encode(sender, method_id=method_id("ERC20InvalidSender(address)")))


@internal
@pure
def _invalid_receiver(receiver: address):
    raw_revert(abi_encode(receiver, method_id=method_id("ERC20InvalidReceiver(address)")))


@internal
@pure
def _invalid_spender(spender: address):
    raw_revert(abi_encode(spender, method_id=method_id("ERC20InvalidSpender(address)")))


@internal
@pure
def _insufficient_balance(sender: address, balance: uint256, needed: uint256):
    raw_revert(
        abi_encode(sender, balance, needed, method_id=method_id("ERC20InsufficientBalance(address,uint256,uint256)"))
    )


@internal
@pure
def _insufficient_allowance(spender: address, allowance: uint256, needed: uint256):
    raw_revert(
        abi_encode(
            spender, allowance, needed, method_id=method_id("ERC20InsufficientAllowance(address,uint256,uint256)")
        )
    )


@internal
@pure
def _expired_signature(deadline: uint256):
    raw_revert(abi_encode(deadline, method_id=method_id("ERC2612ExpiredSignature(uint256)")))


@internal
@pure
def _invalid_signer(signer: address, owner: address):
    """
    @dev `signer` is the key that did sign; zero where no key's signature was given.
    """
    raw_revert(abi_encode(signer, owner, method_id=method_id("ERC2612InvalidSigner(address,address)")))


@internal
@pure
def _cannot_send(account: address):
    raw_revert(abi_encode(account, method_id=method_id("ERC7943CannotSend(address)")))


@internal
@pure
def _cannot_receive(account: address):
    raw_revert(abi_encode(account, method_id=method_id("ERC7943CannotReceive(address)")))


@internal
@pure
def _cannot_transfer(sender: address, to: address, amount: uint256):
    raw_revert(
        abi_encode(sender, to, amount, method_id=method_id("ERC7943CannotTransfer(address,address,uint256)"))
    )


@internal
@pure
def _insufficient_unfrozen(account: address, amount: uint256, unfrozen: uint256):
    raw_revert(
        abi_encode(
            account,
            amount,
            unfrozen,
            method_id=method_id("ERC7943InsufficientUnfrozenBalance(address,uint256,uint256)"),
        )
    )
