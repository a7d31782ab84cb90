Feature: IBKR connected
  The account is queried, an order is sent and its fill received: a round trip over each adapter, as `phoenix drill`
  makes it, in a process of its own. Behind the adapters for IBKR stands a gateway simulator on this machine, which
  speaks the vendor's protocol; behind chaos_mock the simulated broker alone. What a market does not do on request, a
  partial fill and a target that is hit, is played over the same wire in simulated time.

  @GATE_S32_1
  Rule: One trade goes there and back over every adapter

    Scenario Outline: A round trip over <adapter>
      Given a home that trades through <adapter>
      When it is drilled
      Then <adapter> has told the account, the clock, the contract, the quote and the books completely
      And an approved order was sent once, acknowledged and filled
      And the position was protected, and closed by a human's exit
      And both books agree, and the record is sound

      Examples:
        | adapter    |
        | chaos_mock |
        | ib_insync  |
        | ibapi      |

    Scenario Outline: A bracket over <adapter> that fills in parts and reaches its target
      Given a market in simulated time behind <adapter>
      When a signal is approved whose entry the broker fills by half, and a little later in full
      Then the partial fill is on record before the full one, and the stop protects exactly what is open
      When the market reaches the target
      Then the position is closed by its target, its stop is cancelled, and nothing was sent twice
      And the books are compared and HEALTHY
      And the chain and the history are sound, the broker's own ledger included

      Examples:
        | adapter    |
        | chaos_mock |
        | ib_insync  |
        | ibapi      |

    Scenario Outline: Nothing listens where <adapter> connects
      Given a home that trades through <adapter>
      And its gateway is gone
      When it is drilled
      Then the drill has failed to connect, and sent nothing

      Examples:
        | adapter    |
        | ib_insync  |
        | ibapi      |
