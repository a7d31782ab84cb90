Feature: No test touches the real broker
  Every test runs against simulated brokers. It is proven on the source, and held in the running process.

  @INV-IBKR-MOCK-1
  Rule: No test can reach the real IBKR

    Scenario: The import graph
      When every import of Phoenix, its tests, tools and benchmarks is followed
      Then no test, no tool, no benchmark and no part of the core reaches an IBKR library

    Scenario: What the import graph can't show
      When the syntax of every file is checked
      Then no file but the adapters and the probes loads an IBKR library or names a real gateway's port

    Scenario Outline: In a small tree, <module> imports <what>
      Given a small tree whose imports are lawful
      When <module> imports <what> there
      Then lint-imports says that <contract> is broken by <module>

      Examples:
        | module              | what                                   | contract                         |
        | tests.test_entry    | ib_insync                              | ib-insync-has-one-home           |
        | tests.test_entry    | phoenix.adapters.brokers.ibapi.session | tests-without-vendors            |
        | phoenix.application.entry | ibapi                            | ibapi-has-one-home               |
        | phoenix.cli.main    | ib_insync                              | ib-insync-has-one-home           |
        | phoenix.cli.main    | phoenix.adapters.brokers.ibapi.session | ibkr-adapters-are-loaded-by-name |
        | tools.soak          | ibapi                                  | ibapi-has-one-home               |
        | tools.soak          | tools.probes.driver                    | probes-are-run-not-imported      |
        | benchmarks.restart  | ib_insync                              | ib-insync-has-one-home           |

    Scenario Outline: A test that <does>
      When the syntax of a test that <does> is checked
      Then the check names INV-IBKR-MOCK-1's rule <rule>

      Examples:
        | does                                   | rule                 |
        | imports an IBKR library                | vendor-import        |
        | loads an IBKR library by its name      | dynamic-import       |
        | loads one in a process of its own      | hidden-vendor-import |
        | names the port of a real gateway       | real-port            |
        | starts Python without the guard        | unguarded-child      |
        | makes an environment by hand           | unguarded-child      |

    Scenario Outline: This process connects to <address>
      When a test connects to <address>
      Then the connection is refused before it is made

      Examples:
        | address          |
        | 127.0.0.1:4001   |
        | 127.0.0.1:4002   |
        | 127.0.0.1:7496   |
        | 127.0.0.1:7497   |
        | 192.0.2.1:12345  |

    Scenario Outline: A test starts a process that <does>
      When a test run of one test starts a process that <does>
      Then the process is refused
      And the run fails, naming the process and INV-IBKR-MOCK-1

      Examples:
        | does                                         |
        | connects to another machine                  |
        | connects to a real gateway's port            |
        | swallows the refusal                         |
        | connects by asyncio                          |
        | listens at every address                     |
        | looks up another machine                     |

    Scenario: A worker's test starts a process that is refused
      When a test run with two workers starts a process that swallows the refusal
      Then the run fails, naming the process and INV-IBKR-MOCK-1

    Scenario: A test starts a process that stays on the loopback
      When a test run of one test starts a process that talks to itself
      Then the run passes

    Scenario: Nothing that tests or commands begin with loads an IBKR library
      When a fresh process imports the command line, the testing kit and the rehearsal
      Then it has loaded no IBKR library
